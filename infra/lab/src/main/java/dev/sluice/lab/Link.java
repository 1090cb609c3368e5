package dev.sluice.lab;

import java.util.List;

/**
 * A link between two hosts, named by the host at its lower end, which is its device {@code eth0}. The upper end's device
 * bears the link's name.
 */
record Link(End lower, End upper) {

    /** One end: its addresses in prefix notation and the routes that lead through it, as {@code ip route add} takes them. */
    record End(String host, String device, List<String> addresses, List<String> routes) {}

    String name() {
        return lower.host();
    }

    static Link between(
            String lower,
            List<String> lowerAddresses,
            List<String> lowerRoutes,
            String upper,
            List<String> upperAddresses,
            List<String> upperRoutes) {
        return new Link(
                new End(lower, "eth0", lowerAddresses, lowerRoutes),
                new End(upper, lower, upperAddresses, upperRoutes));
    }
}
