package dev.sluice.datapath.wire;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes MESSAGE-INTEGRITY (RFC 8489 §14.5) under one key: HMAC-SHA1 over the message up to the attribute, with the
 * header's length set as if the attribute ended the message.
 *
 * <p>Keeps scratch space, so one thread uses it.
 */
public final class StunIntegrity {
    /** The length of the attribute's value in bytes. */
    public static final int LENGTH = 20;

    private final Mac mac;
    private final byte[] lengthField = new byte[2];
    private final byte[] digest = new byte[LENGTH];

    /** @param key the raw password for short-term credentials, not empty */
    public StunIntegrity(byte[] key) {
        try {
            mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key, "HmacSHA1"));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("the Java runtime has no HMAC-SHA1", missing);
        }
    }

    /** Whether the message carries the right MESSAGE-INTEGRITY; false if it has none. */
    public boolean verify(StunMessage message) {
        int attribute = message.integrityOffset();
        if (attribute < 0) {
            return false;
        }
        compute(message.buffer(), message.offset(), attribute);
        int difference = 0;
        for (int i = 0; i < LENGTH; i++) {
            difference |= digest[i] ^ message.buffer()[attribute + StunAttribute.HEADER_LENGTH + i];
        }
        return difference == 0;
    }

    /** Writes the value of the attribute that starts at {@code attribute} of the message at {@code offset}. */
    void write(byte[] buffer, int offset, int attribute) {
        compute(buffer, offset, attribute);
        System.arraycopy(digest, 0, buffer, attribute + StunAttribute.HEADER_LENGTH, LENGTH);
    }

    private void compute(byte[] buffer, int offset, int attribute) {
        int end = attribute + StunAttribute.HEADER_LENGTH + LENGTH;
        NetworkOrder.putShort(lengthField, 0, end - offset - StunMessage.HEADER_LENGTH);
        mac.update(buffer, offset, StunMessage.LENGTH_FIELD_OFFSET);
        mac.update(lengthField);
        mac.update(
                buffer, offset + StunMessage.COOKIE_FIELD_OFFSET, attribute - offset - StunMessage.COOKIE_FIELD_OFFSET);
        try {
            mac.doFinal(digest, 0);
        } catch (ShortBufferException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
