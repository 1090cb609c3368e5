package dev.sluice.functions.stream;

import dev.sluice.functions.device.Device.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Hears that something lies in the outbox. It is a hint: what nobody hears of is found by the poll. */
@ApplicationScoped
public class Wake {
    private final Channels channels;
    private final DueChannels due;
    private final Semaphore pending = new Semaphore(0);
    private final AtomicBoolean elsewhere = new AtomicBoolean();

    @Inject
    public Wake(Channels channels, DueChannels due) {
        this.channels = channels;
        this.due = due;
    }

    /** Something may lie there for anybody. Signals before somebody looks count as one. */
    public void signal() {
        if (pending.availablePermits() == 0) {
            pending.release();
        }
    }

    /** Something lies there for a device; if another instance serves it, that one is to hear of it. */
    public void signal(UUID deviceId) {
        signal(List.of(deviceId));
    }

    /** Something lies there for each of some devices, which are told of it together. */
    public void signal(Collection<UUID> deviceIds) {
        var here = new EnumMap<Role, List<UUID>>(Role.class);
        boolean all = true;
        for (var id : deviceIds) {
            var channel = channels.find(id);
            channel.ifPresent(served -> here.computeIfAbsent(served.device().role(), role -> new ArrayList<>())
                    .add(id));
            all &= channel.isPresent();
        }
        here.forEach(due::add);
        if (!all) {
            elsewhere.set(true);
            signal();
        }
    }

    /** A device that is served here asks for the whole of what holds. */
    public void signalSnapshot(UUID deviceId) {
        channels.find(deviceId).ifPresent(channel -> channel.progress().wantSnapshot());
        signal(deviceId);
    }

    /** Candidates lie there for a device. */
    public void signalCandidates(UUID deviceId) {
        channels.find(deviceId).ifPresent(channel -> channel.progress().expectCandidates());
        signal(deviceId);
    }

    /**
     * Waits for a signal that concerns nobody in particular, or this long.
     *
     * @return whether there was one
     */
    boolean await(Duration atMost) throws InterruptedException {
        boolean signalled = pending.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS);
        pending.drainPermits();
        return signalled;
    }

    /** Whether the other instances are to be told, since this was asked last. */
    boolean takeElsewhere() {
        return elsewhere.getAndSet(false);
    }

    /** Whether anything was signalled since this was asked last, for here or elsewhere. */
    boolean takeAll() {
        return pending.drainPermits() > 0 | takeElsewhere();
    }
}
