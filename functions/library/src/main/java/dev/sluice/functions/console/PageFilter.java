package dev.sluice.functions.console;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.Problem;
import io.quarkus.qute.TemplateInstance;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Around every page: what a browser may do with it, that another site's form is not taken, that nothing secret goes in clear
 * over a network, and what people see when something fails.
 */
@Provider
@Priority(Priorities.AUTHENTICATION - 1)
class PageFilter implements ContainerRequestFilter, ContainerResponseFilter {
    /** Nothing from elsewhere, nothing that stands in the page itself, and in no other site's frame. */
    private static final String POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
            + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final int TOO_MANY = 429;

    private static final Set<String> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final RoutingContext routing;
    private final CurrentRequest current;
    private final Cookies cookies;
    private final Forms forms;

    @Inject
    PageFilter(RoutingContext routing, CurrentRequest current, Cookies cookies, Forms forms) {
        this.routing = routing;
        this.current = current;
        this.cookies = cookies;
        this.forms = forms;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (Door.of(routing) != Door.WEB) {
            return;
        }
        if (!cookies.areSecure() && (!isOfThisHost() || request.getHeaderString("X-Forwarded-For") != null)) {
            request.abortWith(
                    PageResponse.page(
                            Status.FORBIDDEN,
                            error(
                                    "Not in clear over a network",
                                    "Whoever is between could sign in as you. Whoever runs this portal sets SLUICE_TLS_CERTIFICATE and"
                                            + " SLUICE_TLS_KEY, or SLUICE_WEB_URL to the https address of a proxy in front of it.")));
        } else if (!READING.contains(request.getMethod()) && !isFromUs(request)) {
            request.abortWith(PageResponse.page(Status.FORBIDDEN, foreign()));
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (Door.of(routing) != Door.WEB) {
            return;
        }
        MultivaluedMap<String, Object> headers = response.getHeaders();
        headers.putSingle("Content-Security-Policy", POLICY);
        headers.putSingle("X-Content-Type-Options", "nosniff");
        // By no-referrer a form of ours would come with the origin "null" from browsers that are without Fetch
        // Metadata.
        headers.putSingle("Referrer-Policy", "same-origin");
        if (cookies.areSecure()) {
            headers.putSingle("Strict-Transport-Security", "max-age=31536000");
        }
        if (cookies.form().isEmpty()) {
            headers.add("Set-Cookie", cookies.form(forms.kept()));
        }
        if (response.getStatus() >= Status.BAD_REQUEST.getStatusCode() && !(response.getEntity() instanceof String)) {
            response.setEntity(
                    error(title(response.getStatus()), text(response)).render(),
                    new Annotation[0],
                    MediaType.valueOf(PageResponse.HTML));
        }
    }

    /** What is shown for a form that is not ours. */
    TemplateInstance foreign() {
        return error(
                "Please send that again",
                "This form was not shown by this site to this browser, or you have signed in or out since: go back, load the"
                        + " page anew, and send it again.");
    }

    /** What is shown to who tries too often. */
    Response tooOften(Duration wait) {
        return Response.status(TOO_MANY)
                .header(HttpHeaders.RETRY_AFTER, wait.toSeconds())
                .type(PageResponse.HTML)
                .entity(error(
                                "Too often",
                                "That was tried many times, by you or at your address. Try again in " + wait.toSeconds()
                                        + " seconds.")
                        .render())
                .build();
    }

    private TemplateInstance error(String title, String text) {
        return Templates.error(title, text, current.id());
    }

    private static String title(int status) {
        return switch (status) {
            case 404 -> "There is no such page";
            case 403 -> "Not allowed";
            default -> status < 500 ? "That could not be done" : "Something went wrong here";
        };
    }

    /** Why something was refused is for whoever asked; of what is not there, all is said alike. */
    private static String text(ContainerResponseContext response) {
        int status = response.getStatus();
        return switch (status) {
            case 404 -> "It may have been deleted, or be one that you may not see.";
            case 503 -> "The database cannot be reached just now. Try again in a moment.";
            default ->
                status >= 500
                        ? "Try again; if it stays so, tell whoever runs this portal."
                        : response.getEntity() instanceof Problem.Envelope problem
                                ? problem.error().message()
                                : "Go back, and look at what was sent.";
        };
    }

    private boolean isOfThisHost() {
        return InetAddress.ofLiteral(routing.request().remoteAddress().hostAddress())
                .isLoopbackAddress();
    }

    /** What a browser says itself of where a request comes from (Fetch Metadata, RFC 6454); other programs say nothing. */
    private boolean isFromUs(ContainerRequestContext request) {
        String site = request.getHeaderString("Sec-Fetch-Site");
        if (site != null) {
            return site.equals("same-origin");
        }
        String origin = request.getHeaderString("Origin");
        return origin == null || isOurs(origin, routing.request().authority());
    }

    private static boolean isOurs(String origin, @Nullable HostAndPort called) {
        try {
            String authority = URI.create(origin).getAuthority();
            return authority != null && called != null && authority.equalsIgnoreCase(called.toString());
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
