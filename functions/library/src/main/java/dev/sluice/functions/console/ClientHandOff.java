package dev.sluice.functions.console;

import dev.sluice.channel.Secret;
import dev.sluice.functions.account.Account;
import dev.sluice.functions.auth.KeyedHash;
import dev.sluice.functions.auth.TokenKey;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * How a client beside the browser gets its token: by an address of its own scheme, which the browser hands to it. The token in
 * it is nothing without the nonce that the client has kept. Where that leads to stands in a cookie for two minutes, since what
 * a form is answered with may not lead out of the site.
 */
@RequestScoped
class ClientHandOff {
    private static final String CALLBACK = "://handle_client_sign_in_callback?";

    private final Cookies cookies;
    private final KeyedHash hash;
    private final String scheme;

    @Inject
    ClientHandOff(
            Cookies cookies,
            TokenKey key,
            @ConfigProperty(name = "sluice.client.scheme", defaultValue = "firezone-fd0020211111") String scheme) {
        this.cookies = cookies;
        this.hash = new KeyedHash(key, "client");
        this.scheme = scheme;
    }

    /**
     * Shows that they are signed in, and goes on to the client.
     *
     * @param actor their name
     * @param identifier by which they signed in; null if it has none
     */
    Response begin(Account account, String actor, @Nullable String identifier, Secret fragment, String state) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("fragment", fragment.value());
        parameters.put("state", state);
        parameters.put("actor_name", actor);
        parameters.put("account_slug", account.slug());
        parameters.put("account_name", account.name());
        parameters.put("identity_provider_identifier", identifier == null ? "" : identifier);
        String query = parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "="
                        + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8)
                                .replace("+", "%20"))
                .collect(Collectors.joining("&"));
        return Response.ok(Templates.clientSignedIn(account.slug(), actor).render(), PageResponse.HTML)
                .cookie(cookies.client(query + "." + hash.of(query)))
                .build();
    }

    /** The way to the client; nothing, if this browser was not just signed in for one. */
    Optional<Response> go() {
        return cookies.client().flatMap(kept -> {
            int end = kept.lastIndexOf('.');
            return end > 0 && hash.isOf(kept.substring(end + 1), kept.substring(0, end))
                    ? Optional.of(Response.status(Status.FOUND)
                            .header(HttpHeaders.LOCATION, scheme + CALLBACK + kept.substring(0, end))
                            .cookie(cookies.withoutClient())
                            .build())
                    : Optional.empty();
        });
    }
}
