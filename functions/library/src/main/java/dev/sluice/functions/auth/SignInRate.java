package dev.sluice.functions.auth;

import dev.sluice.functions.address.TrustedProxies;
import dev.sluice.functions.api.TokenBuckets;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Has an address wait that tries to sign in too often, whomever as. */
@ApplicationScoped
public class SignInRate {
    private static final double MINUTE = 60;

    /** Of IPv6 a subscriber has so many bits at least (RFC 6177). */
    private static final int PREFIX_GROUPS = 4;

    private final RoutingContext routing;
    private final TrustedProxies proxies;
    private final TokenBuckets<String> buckets;

    @Inject
    SignInRate(
            RoutingContext routing,
            SignInSettings settings,
            @ConfigProperty(name = "sluice.trusted-proxies") Optional<List<String>> proxies) {
        this.routing = routing;
        this.proxies = TrustedProxies.of(proxies.orElse(List.of()));
        this.buckets = new TokenBuckets<>(settings.burst(), settings.perMinute() / MINUTE, System::nanoTime);
    }

    /** Where the request comes from; null if that is not known. */
    public @Nullable String address() {
        return proxies.origin(
                        routing.request().remoteAddress().hostAddress(),
                        routing.request().headers().getAll("X-Forwarded-For"),
                        null,
                        null)
                .remoteIp();
    }

    /**
     * Counts an attempt.
     *
     * @return nothing if it may be made; else in how many seconds one may
     */
    public Duration take() {
        return buckets.take(subscriber(address()));
    }

    /** Whoever has an address: of IPv6, they have many. */
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
