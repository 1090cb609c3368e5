package dev.sluice.functions.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** A network, or a single address as one of full length. Only literals are read: a name is never looked up. */
public record IpNetwork(InetAddress address, int length) {
    private static final Pattern LITERAL =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final int EMBEDDED = 96;
    private static final InetAddress TRANSLATED = InetAddress.ofLiteral("64:ff9b::");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,3}");

    /** The address that is written here; empty if it is none, out of range or has a zone. */
    public static Optional<InetAddress> literal(String text) {
        if (!LITERAL.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The network {@code address/length}, or the address alone; empty if it is neither. */
    public static Optional<IpNetwork> parse(String text) {
        var parts = text.split("/", 2);
        return literal(parts[0]).flatMap(address -> {
            int full = address.getAddress().length * 8;
            if (parts.length == 1) {
                return Optional.of(new IpNetwork(address, full));
            }
            // The length counts the bits that were written, also where 96 of them say that it is IPv4.
            int mapped = full == 32 && parts[0].indexOf(':') >= 0 ? EMBEDDED : 0;
            int length = LENGTH.matcher(parts[1]).matches() ? Integer.parseInt(parts[1]) - mapped : -1;
            return length >= 0 && length <= full ? Optional.of(new IpNetwork(address, length)) : Optional.empty();
        });
    }

    /**
     * The IPv4 network that this one stands for where it lies in {@code ::ffff:0:0/96} (RFC 4291 §2.5.5.2) or in
     * {@code 64:ff9b::/96} (RFC 6052 §2.1), else itself. The first is read as IPv4 by {@link #parse} already.
     */
    public IpNetwork unmapped() {
        byte[] bytes = address.getAddress();
        if (length < EMBEDDED || !samePrefix(bytes, TRANSLATED.getAddress(), EMBEDDED)) {
            return this;
        }
        try {
            return new IpNetwork(
                    InetAddress.getByAddress(Arrays.copyOfRange(bytes, EMBEDDED / 8, bytes.length)), length - EMBEDDED);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** As {@code address/length} with the bits behind the length cleared, or the address alone where all count. */
    @Override
    public String toString() {
        String text = Rfc5952.format(start());
        return length == address.getAddress().length * 8 ? text : text + "/" + length;
    }

    public boolean contains(InetAddress other) {
        return samePrefix(address.getAddress(), other.getAddress(), length);
    }

    public boolean overlaps(IpNetwork other) {
        return samePrefix(address.getAddress(), other.address.getAddress(), Math.min(length, other.length));
    }

    /** The network's first address. */
    public byte[] start() {
        byte[] bytes = address.getAddress();
        for (int bit = length; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return bytes;
    }

    private static boolean samePrefix(byte[] one, byte[] other, int length) {
        if (one.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < length; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((one[bit / 8] & mask) != (other[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
