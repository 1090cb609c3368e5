package dev.sluice.functions.console;

import dev.sluice.functions.auth.KeyedHash;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.identity.OpenIdConnect;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.NewCookie;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * What a browser keeps while somebody signs in elsewhere: of each such journey its own cookie, so that two tabs do not mix, and
 * each good for one return.
 */
@RequestScoped
class Journeys {
    /** @param intent what they sign in for */
    record Kept(OpenIdConnect.Journey journey, Intent intent) {}

    private static final int PARTS = 6;

    private final Cookies cookies;
    private final KeyedHash hash;

    @Inject
    Journeys(Cookies cookies, TokenKey key) {
        this.cookies = cookies;
        this.hash = new KeyedHash(key, "oidc");
    }

    NewCookie keep(UUID provider, OpenIdConnect.Journey journey, Intent intent) {
        String text = provider + "." + journey.state() + "." + journey.nonce() + "." + journey.verifier() + "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(intent.query().getBytes(StandardCharsets.UTF_8));
        return cookies.journey(journey.state(), text + "." + hash.of(text));
    }

    /** The one that this state is of, if this browser set out on it to this provider: no other answers for that. */
    Optional<Kept> find(UUID provider, String state) {
        return cookies.journey(state).flatMap(text -> {
            String[] parts = text.split("\\.", -1);
            int end = text.lastIndexOf('.');
            return parts.length == PARTS
                            && parts[0].equals(provider.toString())
                            && parts[1].equals(state)
                            && hash.isOf(parts[PARTS - 1], text.substring(0, end))
                    ? Optional.of(new Kept(
                            new OpenIdConnect.Journey(parts[1], parts[2], parts[3]),
                            Intent.parse(new String(Base64.getUrlDecoder().decode(parts[4]), StandardCharsets.UTF_8))))
                    : Optional.empty();
        });
    }

    NewCookie forget(OpenIdConnect.Journey journey) {
        return cookies.withoutJourney(journey.state());
    }
}
