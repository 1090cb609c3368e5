package dev.sluice.datapath.wire;

/** Why a packet or datagram was not passed on. Each has a code, which metrics and {@code status} show. */
public enum DropReason {
    /** A header or a length that contradicts itself or the bytes at hand. */
    MALFORMED("malformed"),
    /** A part of a larger IP packet whose first part is not known, or which contradicts another. */
    FRAGMENT("fragment"),
    /** An IP packet whose sender chose its route. */
    SOURCE_ROUTED("source_routed"),
    /** Longer than the tunnel or a datagram of it may be. */
    OVERSIZED("oversized"),
    /** To a multicast or broadcast address. */
    MULTICAST("multicast"),
    /** From an address that is not the sender's. */
    WRONG_SOURCE("wrong_source"),
    /** To an address that is not the receiver's, or that nobody here has. */
    WRONG_DESTINATION("wrong_destination"),
    /** To the sender's own address. */
    TO_SELF("to_self"),
    /** No resource has the address. */
    NO_RESOURCE("no_resource"),
    /** A resource is there, the client's grant for it is not. */
    NO_GRANT("no_grant"),
    /** The grant ended by its own time. */
    GRANT_EXPIRED("grant_expired"),
    /** The resource's filters do not permit the protocol or port. */
    FILTERED("filtered"),
    /** The portal refused access. */
    DENIED("denied"),
    /** The portal or the gateway cannot serve the resource now. */
    UNREACHABLE("unreachable"),
    /** Access to the resource ended while the packet waited. */
    REVOKED("revoked"),
    /** A packet that already waits. */
    DUPLICATE("duplicate"),
    /** A bounded queue was full. */
    QUEUE_FULL("queue_full"),
    /** The wait for a connection or an answer took too long. */
    TIMED_OUT("timed_out"),
    /** The connection does not exist (yet, or any more). */
    NO_CONNECTION("no_connection"),
    /** The connection has no path yet. */
    NO_PATH("no_path"),
    /** The connection has no session that may be used. */
    NO_SESSION("no_session"),
    /** The session is too old. */
    SESSION_EXPIRED("session_expired"),
    /** No session has the receiver index. */
    UNKNOWN_INDEX("unknown_index"),
    /** No peer has the key or address. */
    UNKNOWN_PEER("unknown_peer"),
    /** A message of a type that is not known. */
    UNKNOWN_TYPE("unknown_type"),
    /** Authentication failed: forged, damaged, or under another key. */
    FORGED("forged"),
    /** The counter or timestamp was seen before, or is too old to tell. */
    REPLAYED("replayed"),
    /** Over the rate of handshakes that is answered. */
    RATE_LIMITED("rate_limited"),
    /** A STUN message that is nobody's. */
    UNKNOWN_STUN("unknown_stun"),
    /** Towards the client without authorization. */
    UNSOLICITED("unsolicited"),
    /** The part that would handle it is stopping or gone. */
    CLOSED("closed"),
    /** The kernel refused to take it. */
    WRITE_FAILED("write_failed");

    private final String code;

    DropReason(String code) {
        this.code = code;
    }

    /** Lower case with underscores. */
    public String code() {
        return code;
    }
}
