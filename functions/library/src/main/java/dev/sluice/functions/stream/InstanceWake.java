package dev.sluice.functions.stream;

import dev.sluice.functions.device.Device.Role;
import dev.sluice.functions.settings.BuildProperties;
import io.quarkus.arc.properties.UnlessBuildProperty;
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

/** Wakes the threads of an instance that deliver, and has others told. */
@ApplicationScoped
@UnlessBuildProperty(name = BuildProperties.FUNCTIONS, stringValue = "true", enableIfMissing = true)
public class InstanceWake implements Wake {
    private final Channels channels;
    private final DueChannels due;
    private final Semaphore pending = new Semaphore(0);
    private final AtomicBoolean elsewhere = new AtomicBoolean();

    @Inject
    public InstanceWake(Channels channels, DueChannels due) {
        this.channels = channels;
        this.due = due;
    }

    /** Signals before somebody looks count as one. */
    @Override
    public void signal() {
        if (pending.availablePermits() == 0) {
            pending.release();
        }
    }

    /** Those that are served here are told together; if another instance serves one, that is to hear of it. */
    @Override
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

    @Override
    public void signalSnapshot(UUID deviceId) {
        channels.find(deviceId).ifPresent(channel -> channel.progress().wantSnapshot());
        signal(deviceId);
    }

    @Override
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
}
