package dev.sluice.functions.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.functions.settings.SettingException;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;

/**
 * Which routes there are at which listener. One router has all of them; by which listener a request came stands in its
 * context, where nothing that was sent can put it.
 */
@ApplicationScoped
public class Doors {
    private static final String KEY = Doors.class.getName();
    private static final int FIRST = 10_000;

    private static final long LONGEST_BODY = 1024 * 1024;
    private static final long SENT_WITHIN_MILLIS = 2_000;
    private static final int TOO_LARGE = 413;

    /** Another is refused before. */
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    /** All that there is for people. */
    private static final String LIVENESS = "/healthz";

    /** Where a page's path was before it was led to. */
    private static final String LED = KEY + ".led";

    /** Health and metrics. */
    private static final String MANAGEMENT = "/q/";

    private final long longestOfDirectory;

    @Inject
    Doors(ApiSettings settings) {
        longestOfDirectory = settings.longestOfDirectory();
    }

    void register(@Observes Filters filters) {
        filters.register(
                routing -> {
                    Door door = Vertx.currentContext() instanceof ContextInternal context
                                    && context.getLocal(KEY) instanceof Door marked
                            ? marked
                            : Door.API;
                    door.mark(routing);
                    if (door == Door.WEB && !isLiveness(routing) && routing.get(LED) == null) {
                        // Accounts may be called as parts of the API are: pages are apart from them.
                        routing.put(LED, true);
                        String query = routing.request().query();
                        routing.reroute(Door.PAGES
                                + routing.request().path().substring(1)
                                + (query == null ? "" : "?" + query));
                    } else if (leadsTo(door, routing.normalizedPath())) {
                        bound(routing);
                    } else if (door == Door.HOST) {
                        refuseStranger(routing.response());
                    } else {
                        routing.response().setStatusCode(404).end();
                    }
                },
                FIRST);
    }

    private static boolean isLiveness(RoutingContext routing) {
        return routing.normalizedPath().equals(LIVENESS);
    }

    /** Bodies are small, but for those of directories. One of unknown length is cut off where it is read. */
    private void bound(RoutingContext routing) {
        long longest = routing.normalizedPath().startsWith(Door.SCIM) ? longestOfDirectory : LONGEST_BODY;
        String length = routing.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && LENGTH.matcher(length).matches() && Long.parseLong(length) > longest) {
            refuseBody(routing);
        } else {
            routing.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, longest);
            routing.next();
        }
    }

    /** Who is still sending when the connection is closed does not see the answer: it comes after the body, or after a while. */
    private static void refuseBody(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        long timer = routing.vertx().setTimer(SENT_WITHIN_MILLIS, late -> answerTooLarge(routing));
        request.exceptionHandler(gone -> routing.vertx().cancelTimer(timer));
        request.endHandler(end -> {
            routing.vertx().cancelTimer(timer);
            answerTooLarge(routing);
        });
        request.handler(part -> {});
        request.resume();
    }

    private static void answerTooLarge(RoutingContext routing) {
        if (!routing.response().ended()) {
            routing.response()
                    .setStatusCode(TOO_LARGE)
                    .putHeader(HttpHeaders.CONNECTION, "close")
                    .end()
                    .onComplete(end -> routing.request().connection().close());
        }
    }

    private static boolean leadsTo(Door door, String path) {
        return switch (door) {
            case ADMIN -> !path.startsWith(Door.PAGES);
            case API -> !path.startsWith(Door.OPERATOR) && !path.startsWith(MANAGEMENT) && !path.startsWith(Door.PAGES);
            case WEB -> path.equals(LIVENESS) || path.startsWith(Door.PAGES);
            case HOST -> path.startsWith(MANAGEMENT);
        };
    }

    private static void refuseStranger(HttpServerResponse response) {
        response.putHeader("WWW-Authenticate", "Bearer");
        refuse(response, 401, "The admin secret is missing or wrong.");
    }

    /** Answers before anything is read of what was sent. */
    public static void refuse(HttpServerResponse response, int status, String message) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("error").put("message", message);
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(body.toString());
    }

    /** Hands a request to the routes that came in by this door. */
    public static void enter(Door door, HttpServerRequest request) {
        if (!(Vertx.currentContext() instanceof ContextInternal context)) {
            throw new IllegalStateException("a request outside of its context");
        }
        context.putLocal(KEY, door);
        VertxHttpRecorder.getRootHandler().handle(request);
    }

    /**
     * Opens a listener, and returns once it listens.
     *
     * @param what its name, for messages
     * @param variable by which an operator chooses its port
     */
    public static HttpServer open(HttpServer created, String host, int port, String what, String variable) {
        try {
            return created.listen(port, host)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new SettingException("The " + what + " listener cannot open " + host + ":" + port + ": "
                    + Objects.requireNonNullElse(e.getCause(), e).getMessage() + ". " + variable
                    + " chooses another port.");
        }
    }
}
