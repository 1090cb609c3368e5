package dev.sluice.functions.stream;

import dev.sluice.functions.settings.BuildProperties;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Remembers what was signalled until what a function was called for ends, since nothing runs on after it. */
@ApplicationScoped
@IfBuildProperty(name = BuildProperties.FUNCTIONS, stringValue = "true")
public class InvocationWake implements Wake {
    /**
     * What was signalled.
     *
     * @param wholes the devices that asked for the whole of what holds
     */
    record Signals(boolean any, Set<UUID> wholes) {}

    private boolean any;
    private Set<UUID> wholes = new HashSet<>();

    @Override
    public synchronized void signal() {
        any = true;
    }

    @Override
    public void signal(Collection<UUID> deviceIds) {
        signal();
    }

    @Override
    public synchronized void signalSnapshot(UUID deviceId) {
        any = true;
        wholes.add(deviceId);
    }

    @Override
    public void signalCandidates(UUID deviceId) {
        signal();
    }

    /** What was, since this was asked last. */
    synchronized Signals take() {
        var signals = new Signals(any, wholes);
        any = false;
        wholes = new HashSet<>();
        return signals;
    }
}
