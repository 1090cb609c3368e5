package dev.sluice.peer;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * As whom a device connects; the same over all its connections, as long as it is not started anew.
 *
 * @param topic the role, which is the topic that it joins
 * @param userAgent its version, as the portal reads it
 * @param token what it signs in with
 * @param externalId its own id, unique beside its token's owner
 * @param publicKey of its tunnel, Base64
 * @param ours whether it says that it is of Sluice's make
 */
public record WireIdentity(
        String topic, String userAgent, String token, String externalId, String publicKey, boolean ours) {
    private static final int KEY_BYTES = 32;

    /** A client of 2025, with a new key. */
    public static WireIdentity client(String token, String externalId) {
        return new WireIdentity(
                "client", "Linux/6.1.0 headless-client/1.5.4 (x86_64)", token, externalId, key(), false);
    }

    /** A gateway of 2025, with a new key. */
    public static WireIdentity gateway(String token, String externalId) {
        return new WireIdentity("gateway", "Linux/6.1.0 gateway/1.4.17 (x86_64)", token, externalId, key(), false);
    }

    /** The same device, of Sluice's make. */
    public WireIdentity ofOurs() {
        return new WireIdentity(topic, userAgent, token, externalId, publicKey, true);
    }

    /** Not the token. */
    @Override
    public String toString() {
        return topic + " " + externalId;
    }

    URI url(URI socket) {
        return URI.create(socket + "?external_id=" + externalId + "&name=" + externalId + "&public_key="
                + encode(publicKey) + "&token=" + encode(token) + (ours ? "&sluice=1" : ""));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String key() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }
}
