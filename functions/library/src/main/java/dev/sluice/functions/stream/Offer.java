package dev.sluice.functions.stream;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** What a client was told last that it may ask for. Once its channel is served, whoever delivers to it alone changes it. */
final class Offer {
    private final Set<UUID> resources = new HashSet<>();

    Set<UUID> resources() {
        return Set.copyOf(resources);
    }

    /** A snapshot says all of it. */
    void replaceAll(Collection<UUID> offered) {
        resources.clear();
        resources.addAll(offered);
    }

    void offered(UUID resourceId) {
        resources.add(resourceId);
    }

    void withdrawn(UUID resourceId) {
        resources.remove(resourceId);
    }
}
