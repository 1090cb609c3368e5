package dev.sluice.functions.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 (RFC 2104) with the portal's own key, for one purpose: what is made for another is none of this. */
public final class KeyedHash {
    private static final String ALGORITHM = "HmacSHA256";
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;

    public KeyedHash(TokenKey key, String purpose) {
        this.key = new SecretKeySpec((purpose + key.base()).getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** As 43 characters of base64url. */
    public String of(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return TEXT.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether this is the hash of that, however long it takes to see it. */
    public boolean isOf(String hash, String text) {
        return MessageDigest.isEqual(hash.getBytes(StandardCharsets.UTF_8), of(text).getBytes(StandardCharsets.UTF_8));
    }
}
