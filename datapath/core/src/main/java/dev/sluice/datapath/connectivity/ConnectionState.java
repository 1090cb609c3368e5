package dev.sluice.datapath.connectivity;

/** The states of a {@link Connection}. */
public enum ConnectionState {
    /** Looking for a path, or waiting for the first session on it. */
    CONNECTING("connecting"),
    /** There is a nominated path and there has been a session. */
    CONNECTED("connected"),
    /** Connected, but unused: the path is checked rarely. */
    IDLE("idle"),
    /** Over, by {@link Connection#failure()} or because this side closed or replaced it. */
    FAILED("failed");

    private final String code;

    ConnectionState(String code) {
        this.code = code;
    }

    /** The word for status and metrics. */
    public String code() {
        return code;
    }
}
