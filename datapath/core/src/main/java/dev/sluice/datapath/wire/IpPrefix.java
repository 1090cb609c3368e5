package dev.sluice.datapath.wire;

/**
 * A network: an address and the number of its leading bits that count. The bits behind them are cleared.
 *
 * @param network the first address
 * @param length 0 to 32 or 0 to 128
 */
public record IpPrefix(IpAddress network, int length) implements Comparable<IpPrefix> {
    public IpPrefix {
        if (length < 0 || length > network.bitLength()) {
            throw new IllegalArgumentException("a prefix of IPv" + network.version() + " has 0 to "
                    + network.bitLength() + " bits, not " + length);
        }
        network = start(network, length);
    }

    /** The network that holds {@code address} alone. */
    public static IpPrefix host(IpAddress address) {
        return new IpPrefix(address, address.bitLength());
    }

    /**
     * Reads {@code address/length}, or an address alone as its host prefix.
     *
     * @throws IllegalArgumentException if {@code text} is neither
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return host(IpAddress.parse(text));
        }
        IpAddress address = IpAddress.parse(text.substring(0, slash));
        String digits = text.substring(slash + 1);
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("not an IP prefix: \"" + text + "\"");
        }
        return new IpPrefix(address, Integer.parseInt(digits));
    }

    public boolean contains(IpAddress address) {
        return address.version() == network.version() && start(address, length).equals(network);
    }

    /** Whether every address of {@code other} is one of this prefix. */
    public boolean contains(IpPrefix other) {
        return other.length >= length && contains(other.network);
    }

    public boolean overlaps(IpPrefix other) {
        return contains(other) || other.contains(this);
    }

    /** By network, then the shorter first. */
    @Override
    public int compareTo(IpPrefix other) {
        int byNetwork = network.compareTo(other.network);
        return byNetwork != 0 ? byNetwork : Integer.compare(length, other.length);
    }

    @Override
    public String toString() {
        return network + "/" + length;
    }

    private static IpAddress start(IpAddress address, int length) {
        if (address.isIpv4()) {
            return IpAddress.ipv4(length == 0 ? 0 : (int) address.low() & -1 << (32 - length));
        }
        return IpAddress.ipv6(
                length == 0 ? 0 : address.high() & (length >= 64 ? -1L : -1L << (64 - length)),
                length <= 64 ? 0 : address.low() & -1L << (128 - length));
    }
}
