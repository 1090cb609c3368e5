package dev.sluice.datapath.connectivity;

/** What became of a packet given to {@link Connections#send}. */
public enum SendResult {
    /** Sealed and handed to the output. */
    SENT,
    /** Copied, and sent as soon as there is a path and a session. */
    HELD,
    /** Not sent; the ledger has the reason. */
    DROPPED
}
