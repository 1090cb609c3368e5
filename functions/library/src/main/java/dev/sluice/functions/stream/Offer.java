package dev.sluice.functions.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** What a client was told last that it may ask for. Once its channel is served, whoever delivers to it alone changes it. */
final class Offer {
    /** How often it is held against what then holds. */
    static final Duration LOOK_EVERY = Duration.ofSeconds(60);

    private final Set<UUID> resources;
    private volatile long lookAt;

    /** @param fence of the channel: devices that come back all at once are looked at one after the other */
    Offer(Collection<UUID> resources, long fence, long now) {
        this.resources = new HashSet<>(resources);
        this.lookAt =
                now + fence % LOOK_EVERY.toSeconds() * Duration.ofSeconds(1).toNanos();
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
        lookAt = now + LOOK_EVERY.toNanos();
    }
}
