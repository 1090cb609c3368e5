package dev.sluice.datapath.connectivity;

/** Why a connection ended. */
public enum Failure {
    /** No pair of candidates could be formed in time: the peer sent none, or none of a family that we have. */
    NO_CANDIDATES("no_candidates"),
    /** The peer stopped answering, or never answered, on every pair of candidates. */
    ICE_TIMEOUT("ice_timeout"),
    /** The path works, but the WireGuard handshake was not answered: the peer holds other keys, or none. */
    HANDSHAKE_TIMEOUT("handshake_timeout"),
    /** The peer said goodbye. */
    GOODBYE("goodbye");

    private final String code;

    Failure(String code) {
        this.code = code;
    }

    /** The word for status and metrics. */
    public String code() {
        return code;
    }
}
