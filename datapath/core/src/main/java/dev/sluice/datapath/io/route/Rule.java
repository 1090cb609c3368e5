package dev.sluice.datapath.io.route;

import dev.sluice.datapath.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A policy rule of one family (ip-rule(8)).
 *
 * @param inverted packets that do <em>not</em> match
 * @param mark 0 for any
 * @param source null for any
 */
record Rule(
        int priority, boolean inverted, int mark, @Nullable IpAddress source, int table) {
    static Rule unmarked(int priority, int mark, int table) {
        return new Rule(priority, true, mark, null, table);
    }

    static Rule from(int priority, IpAddress source, int table) {
        return new Rule(priority, false, 0, source, table);
    }

    /** As {@code ip rule} has it. */
    @Override
    public String toString() {
        return "rule " + priority + (inverted ? " not" : "")
                + (source == null ? "" : " from " + source)
                + (mark == 0 ? "" : " fwmark 0x" + Integer.toHexString(mark)) + " lookup " + table;
    }
}
