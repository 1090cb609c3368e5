package dev.sluice.functions.directory.sync;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeMap;

/** How much of what a run did. */
final class Counts {
    private final TreeMap<String, Long> counts = new TreeMap<>();
    private boolean held;

    /** Goes back to what it was, where work is tried again. */
    void become(Counts other) {
        counts.clear();
        counts.putAll(other.counts);
        held = other.held;
    }

    void add(String what, long more) {
        if (more > 0) {
            counts.merge(what, more, Long::sum);
        }
    }

    void held(Held kind, long many) {
        held = true;
        counts.put("held_" + kind.word() + "s", many);
    }

    boolean isHeld() {
        return held;
    }

    /** As the row of the run says it. */
    String outcome() {
        return held ? "held" : counts.isEmpty() ? "unchanged" : "applied";
    }

    String json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        counts.forEach(json::put);
        return json.toString();
    }
}
