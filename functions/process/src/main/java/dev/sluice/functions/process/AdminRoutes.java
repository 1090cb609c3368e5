package dev.sluice.functions.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.operator.Operator;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * {@code POST /operator/NOUN/VERB} on the admin listener: arguments as a JSON object, the result as JSON. Errors are
 * {@code {"error":{"message":…,"argument":…}}}, the latter where one is missing or malformed.
 */
@ApplicationScoped
public class AdminRoutes {
    private static final Logger LOG = Logger.getLogger(AdminRoutes.class);
    /** On every answer to a command; the log and the audit name the request so. */
    private static final String REQUEST_ID = "X-Request-Id";

    private static final long MAX_BODY_BYTES = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Operator operator;

    AdminRoutes(Operator operator) {
        this.operator = operator;
    }

    void register(@Observes Router router) {
        router.post(Doors.OPERATOR + "*")
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::dispatch);
    }

    /** Commands wait for the database: each on a thread of its own, and not on the event loop. */
    private void dispatch(RoutingContext context) {
        Thread.startVirtualThread(() -> answer(context));
    }

    private void answer(RoutingContext context) {
        String name = context.request().path().substring(Doors.OPERATOR.length());
        String request = Ids.next().toString();
        context.response().putHeader(REQUEST_ID, request);
        try {
            String body = context.body().asString();
            JsonNode arguments = body == null || body.isBlank() ? JSON.createObjectNode() : JSON.readTree(body);
            send(context, 200, operator.run(name, arguments, request));
            LOG.infof("operator: %s (request %s)", name, request);
        } catch (JsonProcessingException e) {
            refuse(context, 400, "The body is not JSON.");
        } catch (RequestException e) {
            var body = error(e.getMessage());
            e.argument().ifPresent(argument -> body.withObject("error").put("argument", argument));
            send(context, status(e.kind()), body);
        } catch (RuntimeException e) {
            LOG.errorf(e, "operator: %s failed (request %s)", name, request);
            refuse(context, 500, "The command failed. The portal's log says why.");
        }
    }

    private static int status(RequestException.Kind kind) {
        return switch (kind) {
            case NOT_FOUND -> 404;
            case INVALID -> 400;
            case CONFLICT -> 409;
            case OUTDATED -> 412;
        };
    }

    private static void refuse(RoutingContext context, int status, String message) {
        send(context, status, error(message));
    }

    private static ObjectNode error(String message) {
        var body = JSON.createObjectNode();
        body.putObject("error").put("message", message);
        return body;
    }

    private static void send(RoutingContext context, int status, JsonNode body) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(body.toString());
    }
}
