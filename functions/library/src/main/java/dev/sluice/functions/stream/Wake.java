package dev.sluice.functions.stream;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Hears that something lies in the outbox. It is a hint: what nobody hears of is found by the poll. */
public interface Wake {
    /** Something may lie there for anybody. */
    void signal();

    /** Something lies there for each of some devices. */
    void signal(Collection<UUID> deviceIds);

    /** Something lies there for a device. */
    default void signal(UUID deviceId) {
        signal(List.of(deviceId));
    }

    /** A device asks for the whole of what holds, by a message that was just handled. */
    void signalSnapshot(UUID deviceId);

    /** Candidates lie there for a device. */
    void signalCandidates(UUID deviceId);
}
