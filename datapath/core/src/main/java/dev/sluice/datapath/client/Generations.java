package dev.sluice.datapath.client;

import dev.sluice.channel.SluiceExtra;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The generation of each resource's last deletion, so that what the portal said before it, and arrives after it, brings
 * nothing back. A deletion carries a newer generation than what it ends. Of more than {@value #CAPACITY} the oldest is forgotten.
 */
final class Generations {
    static final int CAPACITY = 4096;

    private final Map<UUID, Long> deletions = new LinkedHashMap<>();

    void deleted(UUID resource, @Nullable SluiceExtra extra) {
        if (extra == null || extra.generation() == null) {
            return;
        }
        Long known = deletions.remove(resource);
        long generation = known == null ? extra.generation() : Math.max(known, extra.generation());
        deletions.put(resource, generation);
        if (deletions.size() > CAPACITY) {
            deletions.remove(deletions.keySet().iterator().next());
        }
    }

    void forget() {
        deletions.clear();
    }

    /** Whether what comes with this was said before the last deletion. What carries no generation never was. */
    boolean isStale(UUID resource, @Nullable SluiceExtra extra) {
        Long deletion = deletions.get(resource);
        return deletion != null && extra != null && extra.generation() != null && extra.generation() < deletion;
    }
}
