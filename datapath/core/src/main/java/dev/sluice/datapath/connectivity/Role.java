package dev.sluice.datapath.connectivity;

/**
 * Which side of a connection a device is (RFC 8445 §6.1.1). Fixed by what the device is and never negotiated: a client
 * controls, a gateway is controlled.
 */
public enum Role {
    /** Nominates the path, opens the WireGuard session, and holds packets until both exist: a client. */
    CONTROLLING,
    /** Follows the nomination and drops packets until there is a path: a gateway. */
    CONTROLLED
}
