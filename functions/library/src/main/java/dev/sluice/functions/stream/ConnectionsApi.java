package dev.sluice.functions.stream;

/** The service that holds devices' connections in front of functions, as it is called. */
public interface ConnectionsApi {
    /** Longer ones it does not take, in bytes of UTF-8. */
    int LONGEST = 128 * 1024;

    /**
     * Sends a text to a device; whoever calls has sent what goes before.
     *
     * @return false if the connection is gone
     * @throws RuntimeException when it cannot be sent now
     */
    boolean post(String address, String text);

    /** Ends a connection, if it has not ended. */
    void close(String address);
}
