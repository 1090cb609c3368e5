package dev.sluice.datapath.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Writes one STUN message after the other into a buffer of its own. Attributes stand in the order of the calls;
 * {@link #integrity} comes after all others, and {@link #fingerprint} last.
 */
public final class StunWriter {
    /** Holds the longest username and everything else that a check carries. */
    private static final int CAPACITY = 1024;

    private final byte[] buffer = new byte[CAPACITY];
    private final CRC32 checksum = new CRC32();
    private int length;

    /** Begins a message of {@code type}, forgetting the last one. */
    public StunWriter begin(int type, int transactionHigh, long transactionLow) {
        NetworkOrder.putShort(buffer, StunMessage.TYPE_FIELD_OFFSET, type);
        NetworkOrder.putInt(buffer, StunMessage.COOKIE_FIELD_OFFSET, StunMessage.MAGIC_COOKIE);
        NetworkOrder.putInt(buffer, StunMessage.TRANSACTION_FIELD_OFFSET, transactionHigh);
        NetworkOrder.putLong(buffer, StunMessage.TRANSACTION_FIELD_OFFSET + Integer.BYTES, transactionLow);
        length = StunMessage.HEADER_LENGTH;
        writeLength();
        return this;
    }

    /** @throws IllegalArgumentException if it has more than {@link StunAttribute#LONGEST_USERNAME} bytes */
    public StunWriter username(String username) {
        byte[] value = username.getBytes(StandardCharsets.UTF_8);
        if (value.length > StunAttribute.LONGEST_USERNAME) {
            throw new IllegalArgumentException("a STUN username has at most 508 bytes");
        }
        int at = attribute(StunAttribute.USERNAME, value.length);
        System.arraycopy(value, 0, buffer, at, value.length);
        return this;
    }

    /** @param priority 0 to 2³² − 1 */
    public StunWriter priority(long priority) {
        NetworkOrder.putInt(buffer, attribute(StunAttribute.PRIORITY, Integer.BYTES), (int) priority);
        return this;
    }

    public StunWriter controlling(long tieBreaker) {
        NetworkOrder.putLong(buffer, attribute(StunAttribute.ICE_CONTROLLING, Long.BYTES), tieBreaker);
        return this;
    }

    public StunWriter controlled(long tieBreaker) {
        NetworkOrder.putLong(buffer, attribute(StunAttribute.ICE_CONTROLLED, Long.BYTES), tieBreaker);
        return this;
    }

    public StunWriter useCandidate() {
        attribute(StunAttribute.USE_CANDIDATE, 0);
        return this;
    }

    public StunWriter mappedAddress(Endpoint endpoint) {
        IpAddress address = endpoint.address();
        int at = attribute(StunAttribute.XOR_MAPPED_ADDRESS, 4 + address.byteLength());
        NetworkOrder.putByte(buffer, at + 1, address.isIpv4() ? StunAttribute.FAMILY_IPV4 : StunAttribute.FAMILY_IPV6);
        NetworkOrder.putShort(buffer, at + 2, endpoint.port() ^ (StunMessage.MAGIC_COOKIE >>> 16));
        address.write(buffer, at + 4);
        for (int i = 0; i < address.byteLength(); i++) {
            buffer[at + 4 + i] ^= buffer[StunMessage.COOKIE_FIELD_OFFSET + i];
        }
        return this;
    }

    /** @param code 300 to 699 */
    public StunWriter errorCode(int code, String reason) {
        byte[] phrase = reason.getBytes(StandardCharsets.UTF_8);
        int at = attribute(StunAttribute.ERROR_CODE, Integer.BYTES + phrase.length);
        NetworkOrder.putInt(buffer, at, code / 100 << 8 | code % 100);
        System.arraycopy(phrase, 0, buffer, at + Integer.BYTES, phrase.length);
        return this;
    }

    public StunWriter unknownAttributes(int[] types) {
        int at = attribute(StunAttribute.UNKNOWN_ATTRIBUTES, types.length * Short.BYTES);
        for (int i = 0; i < types.length; i++) {
            NetworkOrder.putShort(buffer, at + i * Short.BYTES, types[i]);
        }
        return this;
    }

    public StunWriter integrity(StunIntegrity key) {
        int attribute = length;
        attribute(StunAttribute.MESSAGE_INTEGRITY, StunIntegrity.LENGTH);
        key.write(buffer, 0, attribute);
        return this;
    }

    public StunWriter fingerprint() {
        int attribute = length;
        int at = attribute(StunAttribute.FINGERPRINT, Integer.BYTES);
        NetworkOrder.putInt(buffer, at, StunMessage.fingerprint(checksum, buffer, 0, attribute));
        return this;
    }

    /** The message, from index 0; the next {@link #begin} overwrites it. */
    public byte[] buffer() {
        return buffer;
    }

    public int length() {
        return length;
    }

    /** Appends an attribute with a value of zeros and returns where the value starts. */
    private int attribute(int type, int valueLength) {
        int value = length + StunAttribute.HEADER_LENGTH;
        int end = value + StunAttribute.padded(valueLength);
        NetworkOrder.putShort(buffer, length, type);
        NetworkOrder.putShort(buffer, length + 2, valueLength);
        Arrays.fill(buffer, value, end, (byte) 0);
        length = end;
        writeLength();
        return value;
    }

    private void writeLength() {
        NetworkOrder.putShort(buffer, StunMessage.LENGTH_FIELD_OFFSET, length - StunMessage.HEADER_LENGTH);
    }
}
