package dev.sluice.channel;

import java.util.Arrays;

/** The {@code reason} of {@code flow_creation_failed}, in the words of the wire. */
public enum FlowFailure {
    NOT_FOUND("not_found"),
    OFFLINE("offline"),
    FORBIDDEN("forbidden"),
    VERSION_MISMATCH("version_mismatch"),
    /** A word that this version does not know. Never sent. */
    OTHER("other");

    private final String wire;

    FlowFailure(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    static FlowFailure of(String wire) {
        return Arrays.stream(values())
                .filter(failure -> failure.wire.equals(wire))
                .findFirst()
                .orElse(OTHER);
    }
}
