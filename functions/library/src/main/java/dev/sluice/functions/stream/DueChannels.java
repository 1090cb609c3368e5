package dev.sluice.functions.stream;

import dev.sluice.functions.device.Device.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Devices for which something waits, in the order in which that was heard. A device is with one taker at a time, so that
 * what it is told stays in order; what is heard of it meanwhile makes it due again.
 */
@ApplicationScoped
public class DueChannels {
    /** What is read at once for several devices costs little more than what is read for one. */
    static final int MOST_AT_ONCE = 32;

    private final Map<Role, Set<UUID>> waiting =
            Map.of(Role.GATEWAY, new LinkedHashSet<>(), Role.CLIENT, new LinkedHashSet<>());
    private final Map<UUID, Role> taken = new HashMap<>();
    /** Those of the taken that are due again. */
    private final Set<UUID> again = new HashSet<>();

    private boolean closed;

    synchronized void add(Role role, UUID deviceId) {
        if (taken.containsKey(deviceId)) {
            again.add(deviceId);
        } else if (waiting(role).add(deviceId)) {
            // Who waits for the other role would let a single call come to nothing.
            notifyAll();
        }
    }

    /** Waits for devices of a role, and takes some; none once this is closed. */
    synchronized List<UUID> take(Role role) throws InterruptedException {
        var from = waiting(role);
        while (from.isEmpty() && !closed) {
            wait();
        }
        if (closed) {
            return List.of();
        }
        var some = from.stream().limit(MOST_AT_ONCE).toList();
        some.forEach(id -> {
            from.remove(id);
            taken.put(id, role);
        });
        return some;
    }

    /**
     * Gives devices back that were taken.
     *
     * @param more whether more waits for them
     */
    synchronized void done(Collection<UUID> deviceIds, boolean more) {
        for (var id : deviceIds) {
            var role = taken.remove(id);
            if (role != null && (again.remove(id) || more)) {
                add(role, id);
            }
        }
    }

    /** Lets those go who wait. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Whether nobody waits and nobody is being served. */
    synchronized boolean isIdle() {
        return taken.isEmpty() && waiting.values().stream().allMatch(Set::isEmpty);
    }

    private Set<UUID> waiting(Role role) {
        return Objects.requireNonNull(waiting.get(role), "every role has its own");
    }
}
