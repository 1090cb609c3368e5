package dev.sluice.functions.stream;

import dev.sluice.functions.device.Device.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

    private final Map<Role, Set<UUID>> waiting = new EnumMap<>(Role.class);
    private final Map<UUID, Role> taken = new HashMap<>();
    /** Those of the taken that are due again. */
    private final Set<UUID> again = new HashSet<>();

    public DueChannels() {
        for (var role : Role.values()) {
            waiting.put(role, new LinkedHashSet<>());
        }
    }

    synchronized void add(Role role, UUID deviceId) {
        if (taken.containsKey(deviceId)) {
            again.add(deviceId);
        } else if (waiting(role).add(deviceId)) {
            notify();
        }
    }

    /**
     * Waits for devices, and takes some of one role.
     *
     * @param preferred of which role, if there are any
     */
    synchronized List<UUID> take(Role preferred) throws InterruptedException {
        while (isEmpty()) {
            wait();
        }
        var role = waiting(preferred).isEmpty() ? other(preferred) : preferred;
        var some = new ArrayList<UUID>();
        var all = waiting(role).iterator();
        while (all.hasNext() && some.size() < MOST_AT_ONCE) {
            var id = all.next();
            all.remove();
            some.add(id);
            taken.put(id, role);
        }
        if (!isEmpty()) {
            notify();
        }
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

    /** Whether nobody waits and nobody is being served. */
    synchronized boolean isIdle() {
        return taken.isEmpty() && isEmpty();
    }

    private boolean isEmpty() {
        return waiting.values().stream().allMatch(Set::isEmpty);
    }

    private static Role other(Role role) {
        return role == Role.CLIENT ? Role.GATEWAY : Role.CLIENT;
    }

    private Set<UUID> waiting(Role role) {
        return waiting.computeIfAbsent(role, any -> new LinkedHashSet<>());
    }
}
