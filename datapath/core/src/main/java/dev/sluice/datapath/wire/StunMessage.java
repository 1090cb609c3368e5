package dev.sluice.datapath.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A STUN message as it is read (RFC 8489 §5), a view of the buffer it was wrapped around.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---+---------------------------+-------------------------------+
 *  0|0 0|       message type        |            length             |
 *   +---+---------------------------+-------------------------------+
 *  4|                    magic cookie 0x2112a442                    |
 *   +---------------------------------------------------------------+
 *  8|                                                               |
 *   |                   transaction id, 96 bits                     |
 *   |                                                               |
 *   +-------------------------------+-------------------------------+
 * 20|        attribute type         |         value length          |
 *   +-------------------------------+-------------------------------+
 *   |            value, padded to a multiple of 4 bytes            ...
 * </pre>
 *
 * Of an attribute that occurs more than once the first counts; what follows MESSAGE-INTEGRITY is ignored except
 * FINGERPRINT (RFC 8489 §14, §14.5).
 */
public final class StunMessage {
    public static final int TYPE_FIELD_OFFSET = 0;
    public static final int LENGTH_FIELD_OFFSET = 2;
    public static final int COOKIE_FIELD_OFFSET = 4;
    public static final int TRANSACTION_FIELD_OFFSET = 8;
    public static final int HEADER_LENGTH = 20;

    public static final int MAGIC_COOKIE = 0x2112_a442;

    public static final int BINDING_REQUEST = 0x0001;
    public static final int BINDING_INDICATION = 0x0011;
    public static final int BINDING_SUCCESS = 0x0101;
    public static final int BINDING_ERROR = 0x0111;

    /** Unknown attributes beyond these are not named in an answer. */
    private static final int MOST_UNKNOWN = 8;

    private static final byte[] NOTHING = new byte[0];

    private final CRC32 checksum = new CRC32();
    private final int[] unknown = new int[MOST_UNKNOWN];

    private byte[] buffer = NOTHING;
    private int offset;
    private int length;

    private int username;
    private int priority;
    private int controlling;
    private int controlled;
    private int mappedAddress;
    private int errorCode;
    private int integrity;
    private int fingerprint;
    private int useCandidate;
    private int unknownCount;

    /** Whether the datagram can only be STUN: the two zero bits and the magic cookie. */
    public static boolean matches(byte[] buffer, int offset, int length) {
        return length >= HEADER_LENGTH
                && (buffer[offset] & 0xc0) == 0
                && NetworkOrder.getInt(buffer, offset + COOKIE_FIELD_OFFSET) == MAGIC_COOKIE;
    }

    /**
     * Points this at a datagram.
     *
     * @return false if it is not a well-formed STUN message; nothing may be read from it then
     */
    public boolean wrap(byte[] buffer, int offset, int length) {
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
        username = -1;
        priority = -1;
        controlling = -1;
        controlled = -1;
        mappedAddress = -1;
        errorCode = -1;
        integrity = -1;
        fingerprint = -1;
        useCandidate = -1;
        unknownCount = 0;
        return matches(buffer, offset, length)
                && length % StunAttribute.ALIGNMENT == 0
                && NetworkOrder.unsignedShort(buffer, offset + LENGTH_FIELD_OFFSET) == length - HEADER_LENGTH
                && readAttributes()
                && (controlling < 0 || controlled < 0);
    }

    private boolean readAttributes() {
        int end = offset + length;
        int attribute = offset + HEADER_LENGTH;
        while (attribute < end) {
            int type = NetworkOrder.unsignedShort(buffer, attribute);
            int valueLength = NetworkOrder.unsignedShort(buffer, attribute + 2);
            int next = attribute + StunAttribute.HEADER_LENGTH + StunAttribute.padded(valueLength);
            if (next > end || fingerprint >= 0) {
                return false;
            }
            boolean covered = integrity < 0 || type == StunAttribute.FINGERPRINT;
            if (covered && !readAttribute(type, attribute, valueLength)) {
                return false;
            }
            attribute = next;
        }
        return true;
    }

    private boolean readAttribute(int type, int attribute, int valueLength) {
        switch (type) {
            case StunAttribute.USERNAME -> {
                username = first(username, attribute);
                return valueLength <= StunAttribute.LONGEST_USERNAME;
            }
            case StunAttribute.PRIORITY -> {
                priority = first(priority, attribute);
                return valueLength == Integer.BYTES;
            }
            case StunAttribute.USE_CANDIDATE -> {
                useCandidate = first(useCandidate, attribute);
                return valueLength == 0;
            }
            case StunAttribute.ICE_CONTROLLING -> {
                controlling = first(controlling, attribute);
                return valueLength == Long.BYTES;
            }
            case StunAttribute.ICE_CONTROLLED -> {
                controlled = first(controlled, attribute);
                return valueLength == Long.BYTES;
            }
            case StunAttribute.XOR_MAPPED_ADDRESS -> {
                mappedAddress = first(mappedAddress, attribute);
                return isAddress(attribute, valueLength);
            }
            case StunAttribute.ERROR_CODE -> {
                errorCode = first(errorCode, attribute);
                return valueLength >= Integer.BYTES;
            }
            case StunAttribute.MESSAGE_INTEGRITY -> {
                integrity = attribute;
                return valueLength == StunIntegrity.LENGTH;
            }
            case StunAttribute.FINGERPRINT -> {
                fingerprint = attribute;
                return valueLength == Integer.BYTES;
            }
            case StunAttribute.UNKNOWN_ATTRIBUTES -> {
                return valueLength % Short.BYTES == 0;
            }
            default -> {
                if (type < StunAttribute.FIRST_OPTIONAL && unknownCount < MOST_UNKNOWN) {
                    unknown[unknownCount++] = type;
                }
                return true;
            }
        }
    }

    private boolean isAddress(int attribute, int valueLength) {
        if (valueLength == 8) {
            return NetworkOrder.unsignedByte(buffer, attribute + 5) == StunAttribute.FAMILY_IPV4;
        }
        return valueLength == 20 && NetworkOrder.unsignedByte(buffer, attribute + 5) == StunAttribute.FAMILY_IPV6;
    }

    private static int first(int known, int attribute) {
        return known < 0 ? attribute : known;
    }

    public int type() {
        return NetworkOrder.unsignedShort(buffer, offset + TYPE_FIELD_OFFSET);
    }

    /** The first 32 bits of the transaction id. */
    public int transactionHigh() {
        return NetworkOrder.getInt(buffer, offset + TRANSACTION_FIELD_OFFSET);
    }

    /** The last 64 bits of the transaction id. */
    public long transactionLow() {
        return NetworkOrder.getLong(buffer, offset + TRANSACTION_FIELD_OFFSET + Integer.BYTES);
    }

    public @Nullable String username() {
        if (username < 0) {
            return null;
        }
        int valueLength = NetworkOrder.unsignedShort(buffer, username + 2);
        return new String(buffer, username + StunAttribute.HEADER_LENGTH, valueLength, StandardCharsets.UTF_8);
    }

    /** 0 to 2³² − 1, or −1 without the attribute. */
    public long priority() {
        return priority < 0 ? -1 : NetworkOrder.unsignedInt(buffer, priority + StunAttribute.HEADER_LENGTH);
    }

    public boolean useCandidate() {
        return useCandidate >= 0;
    }

    /** Whether the sender says that it controls. */
    public boolean controlling() {
        return controlling >= 0;
    }

    /** Whether the sender says that it is controlled. */
    public boolean controlled() {
        return controlled >= 0;
    }

    /** The address that XOR-MAPPED-ADDRESS reveals (RFC 8489 §14.2). */
    public @Nullable Endpoint mappedAddress() {
        if (mappedAddress < 0) {
            return null;
        }
        int value = mappedAddress + StunAttribute.HEADER_LENGTH;
        int port = NetworkOrder.unsignedShort(buffer, value + 2) ^ (MAGIC_COOKIE >>> 16);
        if (NetworkOrder.unsignedByte(buffer, value + 1) == StunAttribute.FAMILY_IPV4) {
            return new Endpoint(IpAddress.ipv4(NetworkOrder.getInt(buffer, value + 4) ^ MAGIC_COOKIE), port);
        }
        long high =
                NetworkOrder.getLong(buffer, value + 4) ^ NetworkOrder.getLong(buffer, offset + COOKIE_FIELD_OFFSET);
        long low = NetworkOrder.getLong(buffer, value + 12) ^ transactionLow();
        return new Endpoint(IpAddress.ipv6(high, low), port);
    }

    /** The three-digit code of ERROR-CODE, or −1 without the attribute. */
    public int errorCode() {
        if (errorCode < 0) {
            return -1;
        }
        int value = NetworkOrder.getInt(buffer, errorCode + StunAttribute.HEADER_LENGTH);
        return ((value >>> 8) & 0x7) * 100 + (value & 0xff);
    }

    /** The types of attributes that must be understood and are not, at most 8 of them. */
    public int[] unknownAttributes() {
        return unknownCount == 0 ? new int[0] : Arrays.copyOf(unknown, unknownCount);
    }

    public boolean hasFingerprint() {
        return fingerprint >= 0;
    }

    /** Whether FINGERPRINT is there and right (RFC 8489 §14.7). */
    public boolean fingerprintMatches() {
        return fingerprint >= 0
                && NetworkOrder.getInt(buffer, fingerprint + StunAttribute.HEADER_LENGTH)
                        == fingerprint(checksum, buffer, offset, fingerprint);
    }

    static int fingerprint(CRC32 checksum, byte[] buffer, int offset, int attribute) {
        checksum.reset();
        checksum.update(buffer, offset, attribute - offset);
        return (int) checksum.getValue() ^ StunAttribute.FINGERPRINT_XOR;
    }

    byte[] buffer() {
        return buffer;
    }

    int offset() {
        return offset;
    }

    /** Where MESSAGE-INTEGRITY starts in the buffer, or −1. */
    int integrityOffset() {
        return integrity;
    }
}
