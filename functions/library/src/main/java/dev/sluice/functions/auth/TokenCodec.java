package dev.sluice.functions.auth;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The text of a token: {@code nonce.SFMyNTY.payload.mac}. The payload is an Erlang external term, so that tokens made for
 * the system that we follow are good here:
 *
 * <pre>
 * 83                                   version
 * 68 03                                tuple of 3
 *   68 03                                tuple of 3
 *     6d 00000024 account id               binary
 *     6d 00000024 token id                 binary
 *     6d length   fragment                 binary
 *   6e 06 00 milliseconds                big integer, signed at, little-endian
 *   62 00015180                          integer, 86400, not enforced
 * </pre>
 */
final class TokenCodec {
    /** What a token says about itself once its signature held. */
    record Claims(UUID accountId, UUID tokenId, String nonce, String fragment) {}

    private static final String HEADER = "SFMyNTY";
    private static final int MAX_NONCE_LENGTH = 128;
    private static final int MAX_LENGTH = 2048;
    private static final int ITERATIONS = 1000;
    private static final int KEY_BITS = 256;
    private static final int MAX_AGE_SECONDS = 86400;

    private static final int VERSION = 131;
    private static final int SMALL_TUPLE = 104;
    private static final int BINARY = 109;
    private static final int SMALL_BIG = 110;
    private static final int INTEGER = 98;

    private final TokenKey key;
    private final Map<TokenType, byte[]> keys = new ConcurrentHashMap<>();

    TokenCodec(TokenKey key) {
        this.key = key;
    }

    String encode(TokenType type, Claims claims, long signedAtMilliseconds) {
        var payload = ByteBuffer.allocate(512);
        payload.put((byte) VERSION);
        tuple(payload);
        tuple(payload);
        binary(payload, claims.accountId().toString());
        binary(payload, claims.tokenId().toString());
        binary(payload, claims.fragment());
        payload.put((byte) SMALL_BIG).put((byte) 6).put((byte) 0);
        for (int i = 0; i < 6; i++) {
            payload.put((byte) (signedAtMilliseconds >> 8 * i));
        }
        payload.put((byte) INTEGER).putInt(MAX_AGE_SECONDS);
        byte[] bytes = new byte[payload.flip().remaining()];
        payload.get(bytes);
        var signed = HEADER + "." + encode(bytes);
        return claims.nonce() + "." + signed + "." + encode(mac(type, signed));
    }

    /** What the token says; empty if it is malformed, of another type, or not signed by us. */
    Optional<Claims> decode(TokenType type, String text) {
        var parts = text.split("\\.", -1);
        if (text.length() > MAX_LENGTH
                || parts.length != 4
                || parts[0].length() > MAX_NONCE_LENGTH
                || !parts[1].equals(HEADER)) {
            return Optional.empty();
        }
        try {
            byte[] mac = Base64.getUrlDecoder().decode(parts[3]);
            if (!MessageDigest.isEqual(mac, mac(type, parts[1] + "." + parts[2]))) {
                return Optional.empty();
            }
            return Optional.of(
                    read(parts[0], ByteBuffer.wrap(Base64.getUrlDecoder().decode(parts[2]))));
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    /** What the database keeps of a secret: lower-case hexadecimal SHA3-256 of nonce, fragment and salt. */
    static String hash(String nonce, String fragment, String salt) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA3-256")
                            .digest((nonce + fragment + salt).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] mac(TokenType type, String signed) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(keys.computeIfAbsent(type, this::derive), "HmacSHA256"));
            return mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] derive(TokenType type) {
        try {
            byte[] salt = (key.salt() + type.context()).getBytes(StandardCharsets.UTF_8);
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(key.base().toCharArray(), salt, ITERATIONS, KEY_BITS))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Claims read(String nonce, ByteBuffer payload) {
        expect(payload, VERSION);
        expect(payload, SMALL_TUPLE);
        expect(payload, 3);
        expect(payload, SMALL_TUPLE);
        expect(payload, 3);
        var accountId = UUID.fromString(text(payload));
        var tokenId = UUID.fromString(text(payload));
        return new Claims(accountId, tokenId, nonce, text(payload));
    }

    private static String text(ByteBuffer payload) {
        expect(payload, BINARY);
        int length = payload.getInt();
        if (length < 0 || length > payload.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        payload.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void expect(ByteBuffer payload, int value) {
        if ((payload.get() & 0xFF) != value) {
            throw new IllegalArgumentException("not the term of a token");
        }
    }

    private static void tuple(ByteBuffer payload) {
        payload.put((byte) SMALL_TUPLE).put((byte) 3);
    }

    private static void binary(ByteBuffer payload, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        payload.put((byte) BINARY).putInt(bytes.length).put(bytes);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
