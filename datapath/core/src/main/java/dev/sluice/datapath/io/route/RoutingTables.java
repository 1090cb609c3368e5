package dev.sluice.datapath.io.route;

/**
 * The host's rules and tables that are ours, asked in this order. Unmarked packets alone are led into the tunnel.
 *
 * <pre>
 *   20100  not fwmark 0x51c3          → 20931  resources, each with its unreachable twin
 *   20300  not fwmark 0x51c3          → 20933  the internet resource, while there is one; the host's local networks are
 *                                              thrown out of it again
 *   20400  from the tunnel's address  → 20934  nothing in clear
 * </pre>
 *
 * Thrown out (type {@code throw}) and not copied: the longest prefix decides between a local network and what leads into
 * the tunnel, and then the host's own routes count, all of them.
 */
final class RoutingTables {
    static final int RESOURCES = 20931;
    static final int INTERNET = 20933;
    static final int NOTHING_IN_CLEAR = 20934;

    static final int RESOURCES_PRIORITY = 20100;
    static final int INTERNET_PRIORITY = 20300;
    static final int NOTHING_IN_CLEAR_PRIORITY = 20400;

    /** Worse than any route to the device: it decides only when that one is gone. */
    static final int UNREACHABLE_METRIC = 4096;

    /** The host's own routes. */
    static final int MAIN = 254;

    static final int[] OURS = {RESOURCES, INTERNET, NOTHING_IN_CLEAR};

    private RoutingTables() {}

    /** Whether a rule of this priority that leads to this table is of our making. */
    static boolean isOurs(int priority, int table) {
        return switch (priority) {
            case RESOURCES_PRIORITY -> table == RESOURCES;
            case INTERNET_PRIORITY -> table == INTERNET;
            case NOTHING_IN_CLEAR_PRIORITY -> table == NOTHING_IN_CLEAR;
            default -> false;
        };
    }

    static boolean isOurs(int table) {
        return table == RESOURCES || table == INTERNET || table == NOTHING_IN_CLEAR;
    }
}
