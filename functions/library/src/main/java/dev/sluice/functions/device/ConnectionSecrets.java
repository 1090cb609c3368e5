package dev.sluice.functions.device;

import dev.sluice.channel.IceCredentials;
import dev.sluice.channel.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a client and a gateway share, derived and never stored: it stays while neither public key changes, so that one
 * connection serves several resources.
 */
public record ConnectionSecrets(Secret presharedKey, IceCredentials client, IceCredentials gateway) {
    /**
     * One end.
     *
     * @param publicKey base64
     * @param base 32 random bytes of the device
     */
    public record End(UUID id, String publicKey, byte[] base) {}

    private static final char[] BASE32 = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();

    public static ConnectionSecrets derive(End client, End gateway) {
        var h = base32(digest(client.id() + ":" + client.publicKey() + ":" + gateway.id() + ":" + gateway.publicKey()));
        return new ConnectionSecrets(
                presharedKey(client, gateway),
                new IceCredentials(h.substring(0, 4), new Secret(h.substring(4, 26))),
                new IceCredentials(h.substring(26, 30), new Secret(h.substring(30, 52))));
    }

    /** PBKDF2-HMAC-SHA256 (RFC 8018 section 5.2) with one iteration and 32 bytes, which is one HMAC. */
    private static Secret presharedKey(End client, End gateway) {
        byte[] password = ByteBuffer.allocate(client.base().length + gateway.base().length)
                .put(client.base())
                .put(gateway.base())
                .array();
        var salt = "WG_PSK|C_ID:" + client.id() + "|G_ID:" + gateway.id() + "|C_PK:" + client.publicKey() + "|G_PK:"
                + gateway.publicKey();
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(password, "HmacSHA256"));
            mac.update(salt.getBytes(StandardCharsets.UTF_8));
            return new Secret(Base64.getEncoder().encodeToString(mac.doFinal(new byte[] {0, 0, 0, 1})));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** RFC 4648 section 6, lower-case, without padding. */
    private static String base32(byte[] bytes) {
        var text = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte b : bytes) {
            buffer = (buffer << 8 | b & 0xFF) & 0xFFFF;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(BASE32[buffer >> bits & 31]);
            }
        }
        if (bits > 0) {
            text.append(BASE32[buffer << 5 - bits & 31]);
        }
        return text.toString();
    }
}
