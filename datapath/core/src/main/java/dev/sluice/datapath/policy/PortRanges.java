package dev.sluice.datapath.policy;

import dev.sluice.channel.Filter.PortRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.StringJoiner;

/** A set of ports as ascending ranges that neither touch nor overlap. */
final class PortRanges {
    private static final PortRange EVERY_PORT = new PortRange(0, 0xffff);

    static final PortRanges NONE = new PortRanges(List.of());
    static final PortRanges ALL = new PortRanges(List.of(EVERY_PORT));

    private final int[] starts;
    private final int[] ends;

    private PortRanges(List<PortRange> ranges) {
        starts = ranges.stream().mapToInt(PortRange::start).toArray();
        ends = ranges.stream().mapToInt(PortRange::end).toArray();
    }

    /** The union of ranges in any order. */
    static PortRanges of(List<PortRange> ranges) {
        List<PortRange> merged = new ArrayList<>();
        for (PortRange range : ranges.stream()
                .sorted(Comparator.comparingInt(PortRange::start))
                .toList()) {
            PortRange last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && range.start() <= last.end() + 1) {
                merged.set(merged.size() - 1, new PortRange(last.start(), Math.max(last.end(), range.end())));
            } else {
                merged.add(range);
            }
        }
        return new PortRanges(merged);
    }

    boolean contains(int port) {
        int low = 0;
        int high = starts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (port < starts[middle]) {
                high = middle - 1;
            } else if (port > ends[middle]) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        StringJoiner ranges = new StringJoiner(",");
        for (int i = 0; i < starts.length; i++) {
            ranges.add(starts[i] == ends[i] ? Integer.toString(starts[i]) : starts[i] + "-" + ends[i]);
        }
        return ranges.toString();
    }
}
