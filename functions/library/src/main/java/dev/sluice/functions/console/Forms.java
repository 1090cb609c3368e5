package dev.sluice.functions.console;

import dev.sluice.functions.auth.KeyedHash;
import dev.sluice.functions.auth.TokenKey;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a form which is sent was shown by us to this very browser and session: it carries a MAC of a random value that
 * the browser keeps, and of the session. Another site can have a browser send a form, and neither read nor make that.
 */
@RequestScoped
class Forms {
    /** The field that each form has. */
    static final String FIELD = "form";

    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    private final Cookies cookies;
    private final KeyedHash hash;
    private final String kept;

    @Inject
    Forms(Cookies cookies, TokenKey key) {
        this.cookies = cookies;
        this.hash = new KeyedHash(key, FIELD);
        this.kept = cookies.form().orElseGet(Forms::random);
    }

    /** What the browser is to keep from now on. */
    String kept() {
        return kept;
    }

    /** What a form carries. */
    String proof(@Nullable UUID session) {
        return hash.of(text(session));
    }

    /** Whether what was sent is a form of ours. */
    boolean isOurs(@Nullable String proof, @Nullable UUID session) {
        return proof != null && cookies.form().isPresent() && hash.isOf(proof, text(session));
    }

    private String text(@Nullable UUID session) {
        return kept + "." + session;
    }

    private static String random() {
        byte[] value = new byte[BYTES];
        RANDOM.nextBytes(value);
        return TEXT.encodeToString(value);
    }
}
