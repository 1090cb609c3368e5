package dev.sluice.functions.resource;

import dev.sluice.functions.sql.RequestException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which addresses a resource may have, and their one form. */
final class ResourceAddress {
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern LABEL = Pattern.compile("[\\p{L}\\p{Nd}*?]([\\p{L}\\p{Nd}*?-]*[\\p{L}\\p{Nd}*?])?");

    /** The tunnel's own networks, the hosts' own addresses, and what would be everything. */
    private static final List<Network> RESERVED = List.of(
            Network.of("0.0.0.0", 32),
            Network.of("::", 128),
            Network.of("127.0.0.0", 8),
            Network.of("::1", 128),
            Network.of("100.64.0.0", 10),
            Network.of("fd00:2021:1111::", 48));

    private record Network(byte[] address, int length) {
        static Network of(String literal, int length) {
            return new Network(bytes(literal), length);
        }

        boolean overlaps(Network other) {
            return address.length == other.address.length
                    && samePrefix(address, other.address, Math.min(length, other.length));
        }
    }

    private ResourceAddress() {}

    /** @throws RequestException when the address cannot be a resource of this type */
    static @Nullable String normalise(ResourceType type, @Nullable String address) {
        if (type == ResourceType.INTERNET) {
            if (address != null) {
                throw RequestException.invalid("The internet resource has no address.");
            }
            return null;
        }
        if (address == null || address.isBlank()) {
            throw RequestException.invalid("A resource of type " + type.word() + " needs an address.");
        }
        return switch (type) {
            case IP -> ip(address);
            case CIDR -> cidr(address);
            case DNS -> dns(address);
            case INTERNET -> throw new IllegalStateException();
        };
    }

    private static String ip(String address) {
        byte[] bytes = bytes(address);
        allowed(new Network(bytes, bytes.length * 8), address);
        return literal(bytes);
    }

    private static String cidr(String address) {
        int slash = address.indexOf('/');
        if (slash < 0 || !address.substring(slash + 1).matches("\\d{1,3}")) {
            throw RequestException.invalid("'" + address + "' is no network. Write it as 10.1.0.0/16.");
        }
        byte[] bytes = bytes(address.substring(0, slash));
        int length = Integer.parseInt(address.substring(slash + 1));
        if (length > bytes.length * 8) {
            throw RequestException.invalid("'" + address + "' has a prefix longer than the address.");
        }
        for (int bit = length; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        allowed(new Network(bytes, length), address);
        return literal(bytes) + "/" + length;
    }

    private static String dns(String address) {
        var labels = address.split("\\.", -1);
        boolean valid = address.length() <= 253
                && !LITERAL.matcher(address).matches()
                && !labels[labels.length - 1].matches(".*[*?].*|localhost");
        for (var label : labels) {
            valid &= label.length() <= 63
                    && LABEL.matcher(label).matches()
                    && (!label.contains("**") || label.equals("**"));
        }
        if (!valid) {
            throw RequestException.invalid("'" + address + "' is no domain name that a resource can have.");
        }
        return address;
    }

    private static void allowed(Network network, String address) {
        if (RESERVED.stream().anyMatch(network::overlaps)) {
            throw RequestException.invalid("'" + address
                    + "' overlaps addresses that belong to the host or the tunnel (127.0.0.0/8, 100.64.0.0/10,"
                    + " fd00:2021:1111::/48) or covers everything.");
        }
    }

    private static byte[] bytes(String literal) {
        if (!LITERAL.matcher(literal).matches() || (!literal.contains(":") && literal.split("\\.", -1).length != 4)) {
            throw RequestException.invalid("'" + literal + "' is no IP address.");
        }
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw RequestException.invalid("'" + literal + "' is no IP address.");
        }
    }

    private static String literal(byte[] bytes) {
        try {
            return Rfc5952.format(InetAddress.getByAddress(bytes).getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean samePrefix(byte[] one, byte[] other, int length) {
        for (int bit = 0; bit < length; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((one[bit / 8] & mask) != (other[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
