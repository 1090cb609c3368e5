package dev.sluice.functions.stream;

/** The wire to one device: text goes out in the order in which it was handed over, and nobody waits for it. */
interface Connection {
    void send(String text);

    /** Ends the connection with a reason in words; what was handed over before goes first. */
    void close(String reason);
}
