package dev.sluice.functions.lambda;

/** A connection that a WebSocket API holds. */
record PushAddress(String api, String stage, String connection) {
    /** As {@link #toString} wrote it. */
    static PushAddress of(String text) {
        String[] parts = text.split("/", 3);
        if (parts.length < 3) {
            throw new IllegalArgumentException("no address of a connection: " + text);
        }
        return new PushAddress(parts[0], parts[1], parts[2]);
    }

    @Override
    public String toString() {
        return api + "/" + stage + "/" + connection;
    }
}
