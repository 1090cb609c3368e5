package dev.sluice.datapath.policy;

import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.PrefixTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rule for a packet among resources that may overlap.
 *
 * <p>Candidates are the rules of all networks that contain the resource's address. One that permits the packet goes
 * before one that does not, then the longer prefix, then the smaller resource id. So a packet passes if any resource
 * that covers it lets it pass, and both ends of a connection choose the same one.
 *
 * <p>A change compiles the table anew: every network carries its candidates in order, its own before those of the
 * networks around it, so that asking is one longest-prefix match and a walk that mostly ends at the first. Asking
 * allocates nothing. For one thread.
 */
public final class RuleTable<R extends Rule> {
    private PrefixTable<List<R>> candidates = new PrefixTable<>();

    /** Replaces all rules. */
    public void replaceAll(Collection<? extends R> rules) {
        Map<IpPrefix, List<R>> byNetwork = new TreeMap<>();
        rules.stream().sorted((a, b) -> a.resource().compareTo(b.resource())).forEach(rule -> {
            for (IpPrefix network : rule.networks()) {
                byNetwork.computeIfAbsent(network, any -> new ArrayList<>()).add(rule);
            }
        });
        PrefixTable<List<R>> compiled = new PrefixTable<>();
        Deque<Map.Entry<IpPrefix, List<R>>> around = new ArrayDeque<>();
        for (Map.Entry<IpPrefix, List<R>> entry : byNetwork.entrySet()) {
            while (!around.isEmpty() && !around.peek().getKey().contains(entry.getKey())) {
                around.pop();
            }
            List<R> own = new ArrayList<>(entry.getValue());
            if (!around.isEmpty()) {
                own.addAll(around.peek().getValue());
            }
            around.push(Map.entry(entry.getKey(), own));
            compiled.put(entry.getKey(), own);
        }
        candidates = compiled;
    }

    /**
     * The rule that decides about a packet: ask it whether it permits. Null if no network contains the address.
     *
     * @param packet wrapped and valid
     * @param now monotonic, in nanoseconds
     */
    public @Nullable R select(IpPacket packet, Direction direction, long now) {
        List<R> rules = candidates.lookup(packet.buffer(), direction.resourceAddressOffset(packet), packet.version());
        if (rules == null) {
            return null;
        }
        for (int i = 0; i < rules.size(); i++) {
            R rule = rules.get(i);
            if (rule.permits(packet, direction, now)) {
                return rule;
            }
        }
        return rules.getFirst();
    }
}
