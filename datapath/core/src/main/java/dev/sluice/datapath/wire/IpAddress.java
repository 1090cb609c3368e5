package dev.sluice.datapath.wire;

import java.util.Locale;

/**
 * An IPv4 or IPv6 address as a value.
 *
 * <p>An IPv4 address lies in the low 32 bits of {@code low}, with {@code high} zero. An IPv4-mapped IPv6 address
 * ({@code ::ffff:0:0/96}) stays an IPv6 address and equals no IPv4 address.
 *
 * @param version 4 or 6
 * @param high the first 8 bytes of an IPv6 address, 0 for IPv4
 * @param low the last 8 bytes of an IPv6 address, or the 4 bytes of an IPv4 address, unsigned
 */
public record IpAddress(int version, long high, long low) implements Comparable<IpAddress> {
    public static final int IPV4_LENGTH = 4;
    public static final int IPV6_LENGTH = 16;

    private static final int IPV6_GROUPS = 8;

    public IpAddress {
        if (version != 4 && version != 6) {
            throw new IllegalArgumentException("IP version is 4 or 6, not " + version);
        }
        if (version == 4 && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("an IPv4 address has 32 bits");
        }
    }

    public static IpAddress ipv4(int address) {
        return new IpAddress(4, 0, address & 0xffff_ffffL);
    }

    public static IpAddress ipv6(long high, long low) {
        return new IpAddress(6, high, low);
    }

    /**
     * Reads a literal address: dotted IPv4 without leading zeros, or IPv6 as in RFC 4291 §2.2 without scope or
     * brackets. Names are never resolved.
     *
     * @throws IllegalArgumentException if {@code text} is not such a literal
     */
    public static IpAddress parse(String text) {
        return text.indexOf(':') < 0 ? parseIpv4(text, text) : parseIpv6(text);
    }

    /** The address of {@code version} (4 or 6) that stands at {@code offset}. */
    public static IpAddress read(byte[] buffer, int offset, int version) {
        return version == 4
                ? ipv4(NetworkOrder.getInt(buffer, offset))
                : ipv6(NetworkOrder.getLong(buffer, offset), NetworkOrder.getLong(buffer, offset + 8));
    }

    /** Writes {@link #byteLength()} bytes at {@code offset}. */
    public void write(byte[] buffer, int offset) {
        if (version == 4) {
            NetworkOrder.putInt(buffer, offset, (int) low);
        } else {
            NetworkOrder.putLong(buffer, offset, high);
            NetworkOrder.putLong(buffer, offset + 8, low);
        }
    }

    /** In the network's order, {@link #byteLength} of them. */
    public byte[] toBytes() {
        byte[] bytes = new byte[byteLength()];
        write(bytes, 0);
        return bytes;
    }

    /** Whether the {@link #byteLength()} bytes at {@code offset} are this address. */
    public boolean matches(byte[] buffer, int offset) {
        return version == 4
                ? NetworkOrder.getInt(buffer, offset) == (int) low
                : NetworkOrder.getLong(buffer, offset) == high && NetworkOrder.getLong(buffer, offset + 8) == low;
    }

    /** 4 or 16. */
    public int byteLength() {
        return version == 4 ? IPV4_LENGTH : IPV6_LENGTH;
    }

    /** 32 or 128. */
    public int bitLength() {
        return byteLength() * Byte.SIZE;
    }

    public boolean isIpv4() {
        return version == 4;
    }

    /** {@code 0.0.0.0} or {@code ::}. */
    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    /** {@code 127.0.0.0/8} or {@code ::1}. */
    public boolean isLoopback() {
        return version == 4 ? low >>> 24 == 127 : high == 0 && low == 1;
    }

    /** {@code 169.254.0.0/16} or {@code fe80::/10}. */
    public boolean isLinkLocal() {
        return version == 4 ? low >>> 16 == 0xa9fe : high >>> 54 == 0xfe80 >>> 6;
    }

    /** {@code 224.0.0.0/4} or {@code ff00::/8}. */
    public boolean isMulticast() {
        return version == 4 ? low >>> 28 == 0xe : high >>> 56 == 0xff;
    }

    /** {@code 255.255.255.255}: IPv6 has none. */
    public boolean isBroadcast() {
        return version == 4 && low == 0xffff_ffffL;
    }

    /** IPv4 before IPv6, then as unsigned numbers. */
    @Override
    public int compareTo(IpAddress other) {
        if (version != other.version) {
            return Integer.compare(version, other.version);
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** The canonical text: dotted for IPv4, RFC 5952 for IPv6. */
    @Override
    public String toString() {
        if (version == 4) {
            return dotted((int) low);
        }
        if (high == 0 && low >>> 32 == 0xffff) {
            return "::ffff:" + dotted((int) low);
        }
        return groups();
    }

    /** The 16-bit group at {@code index}, 0 being the leftmost. */
    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
    }

    private String groups() {
        int zerosStart = -1;
        int zerosLength = 1;
        for (int i = 0; i < IPV6_GROUPS; i++) {
            int end = i;
            while (end < IPV6_GROUPS && group(end) == 0) {
                end++;
            }
            if (end - i > zerosLength) {
                zerosStart = i;
                zerosLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < IPV6_GROUPS; i++) {
            if (i == zerosStart) {
                text.append("::");
                i += zerosLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group(i)).toLowerCase(Locale.ROOT));
        }
        return text.toString();
    }

    private static String dotted(int address) {
        return (address >>> 24) + "." + ((address >>> 16) & 0xff) + "." + ((address >>> 8) & 0xff) + "."
                + (address & 0xff);
    }

    private static IpAddress parseIpv4(String part, String whole) {
        String[] octets = part.split("\\.", -1);
        if (octets.length != 4) {
            throw malformed(whole);
        }
        int address = 0;
        for (String octet : octets) {
            address = address << 8 | number(octet, 10, 3, 255, whole);
            if (octet.length() > 1 && octet.charAt(0) == '0') {
                throw malformed(whole);
            }
        }
        return ipv4(address);
    }

    private static IpAddress parseIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            int[] groups = parseGroups(text, text);
            if (groups.length != IPV6_GROUPS) {
                throw malformed(text);
            }
            return ofGroups(groups, groups.length, new int[0]);
        }
        int[] before = parseGroups(text.substring(0, gap), text);
        int[] after = parseGroups(text.substring(gap + 2), text);
        if (before.length + after.length >= IPV6_GROUPS
                || text.substring(0, gap).indexOf('.') >= 0) {
            throw malformed(text);
        }
        return ofGroups(before, before.length, after);
    }

    private static IpAddress ofGroups(int[] before, int beforeLength, int[] after) {
        long[] halves = new long[2];
        for (int i = 0; i < beforeLength; i++) {
            halves[i >> 2] |= (long) before[i] << (48 - 16 * (i & 3));
        }
        for (int i = 0; i < after.length; i++) {
            int index = IPV6_GROUPS - after.length + i;
            halves[index >> 2] |= (long) after[i] << (48 - 16 * (index & 3));
        }
        return ipv6(halves[0], halves[1]);
    }

    private static int[] parseGroups(String part, String whole) {
        if (part.isEmpty()) {
            return new int[0];
        }
        String[] texts = part.split(":", -1);
        boolean endsInIpv4 = texts[texts.length - 1].indexOf('.') >= 0;
        int[] groups = new int[texts.length + (endsInIpv4 ? 1 : 0)];
        if (groups.length > IPV6_GROUPS) {
            throw malformed(whole);
        }
        for (int i = 0; i < texts.length; i++) {
            if (endsInIpv4 && i == texts.length - 1) {
                int address = (int) parseIpv4(texts[i], whole).low;
                groups[i] = address >>> 16;
                groups[i + 1] = address & 0xffff;
            } else {
                groups[i] = number(texts[i], 16, 4, 0xffff, whole);
            }
        }
        return groups;
    }

    private static int number(String digits, int radix, int maxDigits, int max, String whole) {
        if (digits.isEmpty() || digits.length() > maxDigits) {
            throw malformed(whole);
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int digit = c < 128 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                throw malformed(whole);
            }
            value = value * radix + digit;
        }
        if (value > max) {
            throw malformed(whole);
        }
        return value;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("not an IP address: \"" + text + "\"");
    }
}
