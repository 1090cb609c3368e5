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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Devices for which something waits, in the order in which that was heard. A device is with one taker at a time, so that
 * what it is told stays in order; what is heard of it meanwhile makes it due again.
 */
@ApplicationScoped
public class DueChannels {
    /** What is read at once for several devices costs little more than what is read for one. */
    static final int MOST_AT_ONCE = 32;

    /** Those of a role for whom something waits, and what its takers wait for. */
    private record Queue(Set<UUID> devices, Condition filled) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Role, Queue> waiting = Map.of(
            Role.GATEWAY, new Queue(new LinkedHashSet<>(), lock.newCondition()),
            Role.CLIENT, new Queue(new LinkedHashSet<>(), lock.newCondition()));
    private final Map<UUID, Role> taken = new HashMap<>();
    /** Those of the taken that are due again. */
    private final Set<UUID> again = new HashSet<>();

    private boolean closed;

    void add(Role role, UUID deviceId) {
        add(role, List.of(deviceId));
    }

    /** Devices of which was heard at once: one taker is called for as many as it can take, and takes them together. */
    void add(Role role, Collection<UUID> deviceIds) {
        lock.lock();
        try {
            var queue = waiting(role);
            int added = 0;
            for (var id : deviceIds) {
                if (taken.containsKey(id)) {
                    again.add(id);
                } else if (queue.devices().add(id) && added++ % MOST_AT_ONCE == 0) {
                    queue.filled().signal();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for devices of a role, and takes some; none once this is closed. */
    List<UUID> take(Role role) throws InterruptedException {
        lock.lock();
        try {
            var from = waiting(role);
            while (from.devices().isEmpty() && !closed) {
                from.filled().await();
            }
            if (closed) {
                return List.of();
            }
            var some = from.devices().stream().limit(MOST_AT_ONCE).toList();
            some.forEach(id -> {
                from.devices().remove(id);
                taken.put(id, role);
            });
            return some;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives devices back that were taken.
     *
     * @param more whether more waits for them
     */
    void done(Collection<UUID> deviceIds, boolean more) {
        lock.lock();
        try {
            for (var id : deviceIds) {
                var role = taken.remove(id);
                if (role != null && (again.remove(id) || more)) {
                    add(role, id);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets those go who wait. */
    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.values().forEach(queue -> queue.filled().signalAll());
        } finally {
            lock.unlock();
        }
    }

    /** Whether nobody waits and nobody is being served. */
    boolean isIdle() {
        lock.lock();
        try {
            return taken.isEmpty()
                    && waiting.values().stream()
                            .allMatch(queue -> queue.devices().isEmpty());
        } finally {
            lock.unlock();
        }
    }

    private Queue waiting(Role role) {
        return Objects.requireNonNull(waiting.get(role), "every role has its own");
    }
}
