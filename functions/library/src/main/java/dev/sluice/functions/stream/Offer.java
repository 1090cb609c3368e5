package dev.sluice.functions.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** What a client was told last that it may ask for. Once its channel is served, whoever delivers to it alone changes it. */
final class Offer {
    /** Between the looks at two clients that came one after the other. */
    private static final long SPREAD = Duration.ofSeconds(1).toNanos();

    private final Set<UUID> resources;
    private final Duration every;
    private volatile long lookAt;

    /**
     * @param fence of the channel: devices that come back all at once are looked at one after the other
     * @param every how often it is held against what then holds
     */
    Offer(Collection<UUID> resources, long fence, Duration every, long now) {
        this.resources = new HashSet<>(resources);
        this.every = every;
        this.lookAt = now + Math.floorMod(fence * SPREAD, every.toNanos());
    }

    Set<UUID> resources() {
        return Set.copyOf(resources);
    }

    void offered(UUID resourceId) {
        resources.add(resourceId);
    }

    void withdrawn(UUID resourceId) {
        resources.remove(resourceId);
    }

    boolean isDue(long now) {
        return now - lookAt >= 0;
    }

    void looked(long now) {
        lookAt = now + every.toNanos();
    }
}
