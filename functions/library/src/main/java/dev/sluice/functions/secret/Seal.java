package dev.sluice.functions.secret;

import dev.sluice.functions.settings.SettingException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals secrets with AES-256-GCM (NIST SP 800-38D), each to what it belongs to: in another's row it does not open.
 *
 * <pre>
 *  0       1               5                       17
 * +-------+---------------+-----------------------+----------------------+
 * | 1     | key           | nonce                 | ciphertext and tag   |
 * +-------+---------------+-----------------------+----------------------+
 * </pre>
 *
 * <p>The key is named by the first four bytes of its SHA-256.
 */
@ApplicationScoped
public class Seal {
    private static final byte FORMAT = 1;
    private static final int KEY_BYTES = 32;
    private static final int NAME_BYTES = 4;
    private static final int NONCE_BYTES = 12;
    private static final int HEADER_BYTES = 1 + NAME_BYTES + NONCE_BYTES;
    private static final int TAG_BITS = 128;
    private static final int MOST_KEYS = 2;

    private record Key(byte[] name, SecretKeySpec value) {}

    private final List<Key> keys;
    private final SecureRandom random = new SecureRandom();

    /** @throws SettingException when a key is none */
    @Inject
    public Seal(SecretSettings settings) {
        this(settings.key().orElse(List.of()));
    }

    Seal(List<String> keys) {
        if (keys.size() > MOST_KEYS) {
            throw new SettingException("SLUICE_SECRETS_KEY has more than two keys.");
        }
        this.keys = keys.stream().map(Seal::key).toList();
    }

    /**
     * Seals a secret.
     *
     * @param owner to which it belongs
     * @throws SettingException when there is no key
     */
    public byte[] seal(UUID owner, String secret) {
        if (keys.isEmpty()) {
            throw new SettingException("No secrets can be kept: SLUICE_SECRETS_KEY is missing, 32 bytes in Base64.");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        Key key = keys.getFirst();
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, owner, secret.getBytes(StandardCharsets.UTF_8));
        if (sealed == null) {
            throw new IllegalStateException("every Java has AES-GCM");
        }
        return ByteBuffer.allocate(HEADER_BYTES + sealed.length)
                .put(FORMAT)
                .put(key.name())
                .put(nonce)
                .put(sealed)
                .array();
    }

    /**
     * Opens what was sealed.
     *
     * @param owner to which it belongs
     * @throws SettingException when the key is gone by which it was sealed
     * @throws IllegalArgumentException when it was changed, or belongs to another
     */
    public String open(UUID owner, byte[] sealed) {
        if (sealed.length < HEADER_BYTES || sealed[0] != FORMAT) {
            throw new IllegalArgumentException("This is nothing that was sealed here.");
        }
        byte[] name = Arrays.copyOfRange(sealed, 1, 1 + NAME_BYTES);
        byte[] nonce = Arrays.copyOfRange(sealed, 1 + NAME_BYTES, HEADER_BYTES);
        byte[] ciphertext = Arrays.copyOfRange(sealed, HEADER_BYTES, sealed.length);
        for (Key key : keys) {
            if (Arrays.equals(key.name(), name)) {
                byte[] opened = cipher(Cipher.DECRYPT_MODE, key, nonce, owner, ciphertext);
                if (opened == null) {
                    throw new IllegalArgumentException("The secret was changed, or belongs to another.");
                }
                return new String(opened, StandardCharsets.UTF_8);
            }
        }
        throw new SettingException(
                "A secret cannot be opened: SLUICE_SECRETS_KEY does not have the key by which it was sealed."
                        + " Add that as a second one, or give the secret anew.");
    }

    /** Null if it does not fit. */
    private static byte @Nullable [] cipher(int mode, Key key, byte[] nonce, UUID owner, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key.value(), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(owner.toString().getBytes(StandardCharsets.US_ASCII));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    private static Key key(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            bytes = new byte[0];
        }
        if (bytes.length != KEY_BYTES) {
            throw new SettingException(
                    "SLUICE_SECRETS_KEY is not 32 bytes in Base64: 'openssl rand -base64 32' makes one.");
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Key(Arrays.copyOf(digest, NAME_BYTES), new SecretKeySpec(bytes, "AES"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
