package dev.sluice.functions.stream;

/** The wire to one device: text goes out in the order in which it was handed over, and nobody waits for it. */
public interface ConnectionPush {
    void send(String text);

    /** When all that had been handed over until then had left this process, in monotonic nanoseconds. */
    long settledAt(long now);

    /** Ends the connection with a reason in words; what was handed over before goes first. */
    void close(String reason);
}
