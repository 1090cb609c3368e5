package dev.sluice.functions.console;

import dev.sluice.functions.auth.TokenKey;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
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
    private final TokenKey key;
    private final String kept;

    @Inject
    Forms(Cookies cookies, TokenKey key) {
        this.cookies = cookies;
        this.key = key;
        this.kept = cookies.form().orElseGet(Forms::random);
    }

    /** What the browser is to keep from now on. */
    String kept() {
        return kept;
    }

    /** What a form carries. */
    String proof(@Nullable UUID session) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec((FIELD + key.base()).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return TEXT.encodeToString(mac.doFinal((kept + "." + session).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether what was sent is a form of ours. */
    boolean isOurs(@Nullable String proof, @Nullable UUID session) {
        return proof != null
                && cookies.form().isPresent()
                && MessageDigest.isEqual(
                        proof.getBytes(StandardCharsets.UTF_8), proof(session).getBytes(StandardCharsets.UTF_8));
    }

    private static String random() {
        byte[] value = new byte[BYTES];
        RANDOM.nextBytes(value);
        return TEXT.encodeToString(value);
    }
}
