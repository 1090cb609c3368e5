package dev.sluice.datapath.wireguard;

/**
 * An endpoint that has to be looked up: a host's name, or a link-local address with the name of its interface
 * ({@code fe80::1%eth0}, RFC 4007 §11).
 *
 * @param port 1 to 65535
 */
public record EndpointName(String host, int port) {
    /**
     * Reads {@code host.example:51820} or {@code [fe80::1%eth0]:51820}.
     *
     * @throws IllegalArgumentException if {@code text} is neither
     */
    static EndpointName parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        String port = text.substring(colon + 1);
        boolean scoped = host.matches("\\[[0-9A-Fa-f:.]+%[^\\s\\]]{1,15}]");
        boolean named = host.length() <= 253
                && host.matches("(?=.*[A-Za-z])[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?"
                        + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\\.?");
        int number = port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : 0;
        if (!scoped && !named || number < 1 || number > 0xffff) {
            throw new IllegalArgumentException(
                    "write a name or an address with a port: vpn.example:51820, 192.0.2.1:51820 or [2001:db8::1]:51820");
        }
        return new EndpointName(scoped ? host.substring(1, host.length() - 1) : host, number);
    }
}
