package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.wire.DropReason;

/** The negative results of sealing, opening and handling a message: a {@link DropReason} without an object. */
public final class Failure {
    private static final DropReason[] REASONS = DropReason.values();

    /** There is no session to seal with: hold the packet and initiate. */
    public static final int NO_SESSION = code(DropReason.NO_SESSION);

    /** The session has reached the age or the number of messages at which the paper rejects it. */
    public static final int SESSION_EXPIRED = code(DropReason.SESSION_EXPIRED);

    /** Shorter or longer than a message of its type can be. */
    public static final int MALFORMED = code(DropReason.MALFORMED);

    /** Not a message type of WireGuard's. */
    public static final int UNKNOWN_TYPE = code(DropReason.UNKNOWN_TYPE);

    /** The receiver index is of no session or handshake here. */
    public static final int UNKNOWN_INDEX = code(DropReason.UNKNOWN_INDEX);

    /** The static key of the initiator is not that of the peer. */
    public static final int UNKNOWN_PEER = code(DropReason.UNKNOWN_PEER);

    /** A MAC or an authenticated part is wrong. */
    public static final int FORGED = code(DropReason.FORGED);

    /** The counter or timestamp was used before, or is too old to tell. */
    public static final int REPLAYED = code(DropReason.REPLAYED);

    /** Too many handshakes: answered with a cookie, or not at all. */
    public static final int RATE_LIMITED = code(DropReason.RATE_LIMITED);

    private Failure() {}

    /** The negative code of a reason. */
    public static int code(DropReason reason) {
        return -1 - reason.ordinal();
    }

    /** The reason of a negative code. */
    public static DropReason reason(int code) {
        return REASONS[-1 - code];
    }
}
