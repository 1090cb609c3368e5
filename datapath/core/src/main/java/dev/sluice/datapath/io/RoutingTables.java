package dev.sluice.datapath.io;

/**
 * The host's rules and tables that are ours, asked in this order. Unmarked packets alone are led into the tunnel.
 *
 * <pre>
 *   20100  not fwmark 0x51c3                  → 20931  resources, each with its unreachable twin
 *   20200  not from the tunnel's address      → 20932  copies of link-scope routes } while a default
 *   20300  not fwmark 0x51c3                  → 20933  the internet resource       } route is set
 *   20400  from the tunnel's address          → 20934  nothing in clear
 * </pre>
 *
 * The second keeps the local network in reach beside the internet resource; without one it would only hide routes that
 * are more specific than those it copies.
 */
final class RoutingTables {
    static final int RESOURCES = 20931;
    static final int LINK_SCOPE = 20932;
    static final int INTERNET = 20933;
    static final int NOTHING_IN_CLEAR = 20934;

    static final int RESOURCES_PRIORITY = 20100;
    static final int LINK_SCOPE_PRIORITY = 20200;
    static final int INTERNET_PRIORITY = 20300;
    static final int NOTHING_IN_CLEAR_PRIORITY = 20400;

    /** Worse than any route to the device: it decides only when that one is gone. */
    static final int UNREACHABLE_METRIC = 4096;

    private RoutingTables() {}
}
