package dev.sluice.datapath.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Resources that were in use when their gateway left, and that nobody serves since. An application that only receives sends
 * no packet that would ask for them, so they are asked for by themselves: at once, when the portal is back, and whenever
 * the back-off of {@link Reauthorization} ends, for as long as somebody may be expected to wait.
 */
final class LeftResources {
    /** An application that has received nothing for this long has given up, or asks by itself. */
    static final long PATIENCE = Duration.ofMinutes(10).toNanos();

    /** Asks the portal for a resource. */
    @FunctionalInterface
    interface Asker {
        void ask(ClientResource resource, long now);
    }

    private record Left(ClientResource resource, long at) {}

    private final Map<UUID, Left> left = new LinkedHashMap<>();
    private final ResourceTable resources;
    private final Asker asker;
    private boolean portalUp;

    LeftResources(ResourceTable resources, Asker asker) {
        this.resources = resources;
        this.asker = asker;
    }

    /** While the portal is away nobody could answer. */
    void portal(boolean up, long now) {
        portalUp = up;
        handleTimeout(now);
    }

    /** The gateway of this resource, which is in use, has left. */
    void add(ClientResource resource, long now) {
        left.put(resource.resource(), new Left(resource, now));
        handleTimeout(now);
    }

    /** The portal has decided against it. */
    void remove(UUID resource) {
        left.remove(resource);
    }

    /** Nothing is granted any more. */
    void clear() {
        left.clear();
    }

    void handleTimeout(long now) {
        if (left.isEmpty()) {
            return;
        }
        left.values()
                .removeIf(gone -> now - gone.at > PATIENCE
                        || gone.resource.gateway() != null
                        || resources.get(gone.resource.resource()) != gone.resource);
        for (Left gone : left.values()) {
            if (now >= dueAt(gone) && gone.resource.startReauthorization().left(now)) {
                asker.ask(gone.resource, now);
            }
        }
    }

    long nextTimeout() {
        long next = Long.MAX_VALUE;
        for (Left gone : left.values()) {
            next = Math.min(next, dueAt(gone));
        }
        return next;
    }

    /** Not while an ask is open: when that ends, it is looked at again. */
    private long dueAt(Left gone) {
        boolean served = gone.resource.gateway() != null;
        return !portalUp || served || gone.resource.isAsked()
                ? Long.MAX_VALUE
                : gone.resource.startReauthorization().mayAskAt();
    }
}
