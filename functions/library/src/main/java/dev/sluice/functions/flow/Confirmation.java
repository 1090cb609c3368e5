package dev.sluice.functions.flow;

import java.util.List;
import java.util.UUID;

/** What became of a gateway's answer. */
public sealed interface Confirmation {
    /**
     * The client may be told.
     *
     * @param elsewhere gateways that held a flow of the pair until now
     */
    record Confirmed(UUID clientId, List<UUID> elsewhere) implements Confirmation {
        public Confirmed {
            elsewhere = List.copyOf(elsewhere);
        }
    }

    /** A newer ask of the same flow has replaced it: the gateway is about to answer that one too. Nothing has changed. */
    record Superseded() implements Confirmation {}

    /** What it rests on stays locked. Nothing has changed, and nobody can say yet whether it is good. */
    record Undecided() implements Confirmation {}

    /** It was never good, or is not any more; the gateway holds nothing by it. */
    record Invalid() implements Confirmation {}
}
