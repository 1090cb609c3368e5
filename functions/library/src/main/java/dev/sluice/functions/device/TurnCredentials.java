package dev.sluice.functions.device;

import dev.sluice.channel.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;

/** A peer's long-term credentials (RFC 8489 section 9.2) at a relay that shares a stamp secret with the portal. */
public record TurnCredentials(String username, Secret password) {
    public static TurnCredentials derive(String publicKey, Secret stampSecret, Instant expiresAt) {
        var salt = digest(publicKey);
        var expiry = expiresAt.getEpochSecond();
        return new TurnCredentials(
                expiry + ":" + salt, new Secret(digest(expiry + ":" + stampSecret.value() + ":" + salt)));
    }

    private static String digest(String text) {
        try {
            return Base64.getEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
