package dev.sluice.datapath.wire;

/**
 * A UDP or TCP address.
 *
 * @param address where
 * @param port 0 to 65535
 * @param scope the index of the interface whose link a link-local IPv6 address is on (RFC 4007); 0 for other addresses
 */
public record Endpoint(IpAddress address, int port, int scope) {
    public Endpoint {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
    }

    /** One that is the same on every link. */
    public Endpoint(IpAddress address, int port) {
        this(address, port, 0);
    }

    /**
     * Reads {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}.
     *
     * @throws IllegalArgumentException if {@code text} is neither
     */
    public static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        if (colon < 0 || bracketed != (text.charAt(Math.max(0, colon - 1)) == ']')) {
            throw malformed(text);
        }
        IpAddress address = IpAddress.parse(bracketed ? text.substring(1, colon - 1) : text.substring(0, colon));
        String digits = text.substring(colon + 1);
        if (bracketed == address.isIpv4()
                || digits.isEmpty()
                || digits.length() > 5
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw malformed(text);
        }
        return new Endpoint(address, Integer.parseInt(digits));
    }

    @Override
    public String toString() {
        return address.isIpv4() ? address + ":" + port : "[" + address + (scope == 0 ? "" : "%" + scope) + "]:" + port;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("not an address with port: \"" + text + "\"");
    }
}
