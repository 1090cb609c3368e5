package dev.sluice.functions.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.operator.Operator;
import dev.sluice.functions.operator.OperatorSecret;
import dev.sluice.functions.sql.RequestException;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * {@code POST /operator/NOUN/VERB} on the admin listener: arguments as a JSON object, the result as JSON. Whoever does not
 * have the secret gets 401 before anything is read. Errors are {@code {"error":{"message":…}}}.
 */
@ApplicationScoped
public class AdminRoutes {
    private static final Logger LOG = Logger.getLogger(AdminRoutes.class);
    private static final String PREFIX = "/operator/";
    private static final long MAX_BODY_BYTES = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Operator operator;
    private final OperatorSecret secret;

    AdminRoutes(Operator operator, @ConfigProperty(name = "sluice.data-dir") String dataDirectory) {
        this.operator = operator;
        try {
            this.secret = OperatorSecret.load(Path.of(dataDirectory, "admin-secret"));
        } catch (IOException e) {
            throw new SettingsException(Objects.requireNonNullElse(e.getMessage(), e.toString()));
        }
    }

    void register(@Observes ManagementInterface management) {
        Router router = management.router();
        // A route of its own: the secret is asked for before a body is read.
        router.route(PREFIX + "*").handler(this::authenticate);
        router.post(PREFIX + "*")
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::dispatch);
    }

    private void authenticate(RoutingContext context) {
        String authorization = context.request().getHeader("Authorization");
        if (authorization != null && secret.matches(authorization)) {
            context.next();
        } else {
            context.response().putHeader("WWW-Authenticate", "Bearer");
            refuse(context, 401, "The admin secret is missing or wrong.");
        }
    }

    /** Commands wait for the database: each on a thread of its own, and not on the event loop. */
    private void dispatch(RoutingContext context) {
        Thread.startVirtualThread(() -> answer(context));
    }

    private void answer(RoutingContext context) {
        String name = context.request().path().substring(PREFIX.length());
        try {
            String body = context.body().asString();
            JsonNode arguments = body == null || body.isBlank() ? JSON.createObjectNode() : JSON.readTree(body);
            send(context, 200, operator.run(name, arguments));
            LOG.infof("operator: %s", name);
        } catch (JsonProcessingException e) {
            refuse(context, 400, "The body is not JSON.");
        } catch (RequestException e) {
            refuse(context, status(e.kind()), e.getMessage());
        } catch (RuntimeException e) {
            LOG.errorf(e, "operator: %s failed", name);
            refuse(context, 500, "The command failed: " + e.getMessage() + ". The portal's log has more.");
        }
    }

    private static int status(RequestException.Kind kind) {
        return switch (kind) {
            case NOT_FOUND -> 404;
            case INVALID -> 400;
            case CONFLICT -> 409;
        };
    }

    private static void refuse(RoutingContext context, int status, String message) {
        var body = JSON.createObjectNode();
        body.putObject("error").put("message", message);
        send(context, status, body);
    }

    private static void send(RoutingContext context, int status, JsonNode body) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(body.toString());
    }
}
