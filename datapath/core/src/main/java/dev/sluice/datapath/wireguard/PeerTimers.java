package dev.sluice.datapath.wireguard;

/** The deadlines of a peer (paper, §6), each a monotonic time or {@link #NONE}. What they lead to is {@link Peer}'s. */
final class PeerTimers {
    static final long NONE = Long.MAX_VALUE;

    /** A new handshake is wanted as soon as it may be sent. */
    long initiate = NONE;

    /** The initiation in flight is repeated. */
    long retransmit = NONE;

    /** The handshake ends without success. */
    long giveUp = NONE;

    /** What was received has not been answered by anything: a keepalive. */
    long keepalive = NONE;

    /** What was sent has not been answered by anything: a handshake. */
    long unanswered = NONE;

    /** All key material goes. */
    long erase = NONE;

    /** Nothing passed in either direction for the configured interval: a keepalive. */
    long persistentKeepalive = NONE;

    long next() {
        return Math.min(
                Math.min(Math.min(initiate, retransmit), Math.min(giveUp, keepalive)),
                Math.min(Math.min(unanswered, erase), persistentKeepalive));
    }

    void handshakeEnded() {
        initiate = NONE;
        retransmit = NONE;
        giveUp = NONE;
    }

    void stop() {
        handshakeEnded();
        keepalive = NONE;
        unanswered = NONE;
        erase = NONE;
        persistentKeepalive = NONE;
    }
}
