package dev.sluice.functions.console;

import dev.sluice.functions.address.TrustedProxies;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.TokenBuckets;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Has an address wait that tries to sign in too often, whomever as. */
@ApplicationScoped
class SignInRate {
    private static final double MINUTE = 60;
    private static final int TOO_MANY = 429;

    /** Of IPv6 a subscriber has so many bits at least (RFC 6177). */
    private static final int PREFIX_GROUPS = 4;

    private final RoutingContext routing;
    private final CurrentRequest current;
    private final TrustedProxies proxies;
    private final TokenBuckets<String> buckets;

    @Inject
    SignInRate(
            RoutingContext routing,
            CurrentRequest current,
            SignInSettings settings,
            @ConfigProperty(name = "sluice.trusted-proxies") Optional<List<String>> proxies) {
        this.routing = routing;
        this.current = current;
        this.proxies = TrustedProxies.of(proxies.orElse(List.of()));
        this.buckets = new TokenBuckets<>(settings.burst(), settings.perMinute() / MINUTE, System::nanoTime);
    }

    /** Where the request comes from; null if that is not known. */
    @Nullable String address() {
        return proxies.origin(
                        routing.request().remoteAddress().hostAddress(),
                        routing.request().headers().getAll("X-Forwarded-For"),
                        null,
                        null)
                .remoteIp();
    }

    /** Counts an attempt; what to answer if it is one too many. */
    Optional<Response> take() {
        var wait = buckets.take(subscriber(address()));
        return wait.isZero()
                ? Optional.empty()
                : Optional.of(Response.status(TOO_MANY)
                        .header(HttpHeaders.RETRY_AFTER, wait.toSeconds())
                        .type(PageResponse.HTML)
                        .entity(Templates.error(
                                        "Too often",
                                        "Somebody at your address tried to sign in many times. Try again in "
                                                + wait.toSeconds() + " seconds.",
                                        current.id())
                                .render())
                        .build());
    }

    private static String subscriber(@Nullable String address) {
        if (address == null) {
            return "";
        }
        String[] groups = address.split(":", -1);
        return groups.length <= PREFIX_GROUPS
                ? address
                : String.join(":", List.of(groups).subList(0, PREFIX_GROUPS));
    }
}
