package dev.sluice.functions.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.operator.Operator;
import dev.sluice.functions.operator.OperatorSecret;
import dev.sluice.functions.settings.SettingException;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * {@code POST /operator/NOUN/VERB} on the admin listener: arguments as a JSON object, the result as JSON. Whoever does not
 * have the secret gets 401 before anything is read. Errors are {@code {"error":{"message":…,"argument":…}}}, the latter where
 * one is missing or malformed.
 */
@ApplicationScoped
public class AdminRoutes {
    private static final Logger LOG = Logger.getLogger(AdminRoutes.class);
    /** On every answer to a command; the log and the audit name the request so. */
    private static final String REQUEST_ID = "X-Request-Id";

    private static final String PREFIX = "/operator/";
    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]", "::1");
    private static final long MAX_BODY_BYTES = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Operator operator;
    private final OperatorSecret secret;

    AdminRoutes(Operator operator, @ConfigProperty(name = "sluice.data-dir") String dataDirectory) {
        this.operator = operator;
        try {
            this.secret = OperatorSecret.load(Path.of(dataDirectory, "admin-secret"));
        } catch (IOException e) {
            throw new SettingException(Objects.requireNonNullElse(e.getMessage(), e.toString()));
        }
    }

    void register(@Observes ManagementInterface management) {
        Router router = management.router();
        router.route().order(Integer.MIN_VALUE).handler(AdminRoutes::refuseOtherHosts);
        // A route of its own: the secret is asked for before a body is read.
        router.route(PREFIX + "*").handler(this::authenticate);
        router.post(PREFIX + "*")
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::dispatch);
    }

    /**
     * A page in a browser on this host can call this listener by a name of its own that leads to 127.0.0.1, and then read the
     * answers. It cannot choose the name that the browser sends.
     */
    private static void refuseOtherHosts(RoutingContext context) {
        var host = context.request().authority();
        if (host != null && HOSTS.contains(host.host().toLowerCase(Locale.ROOT))) {
            context.next();
        } else {
            refuse(context, 403, "Call the admin listener as 127.0.0.1 or localhost.");
        }
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
