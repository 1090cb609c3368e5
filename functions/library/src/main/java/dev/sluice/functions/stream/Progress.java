package dev.sluice.functions.stream;

import dev.sluice.functions.sql.TypedArray;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How far a channel is ahead of what the database says of it. */
final class Progress {
    private final Set<Long> entries = ConcurrentHashMap.newKeySet();
    private final Set<Long> candidates = ConcurrentHashMap.newKeySet();
    private volatile boolean candidatesWait = true;
    private volatile boolean snapshotWanted;

    /** These were handed to the connection, and are not marked so yet. */
    void handed(Marks.Mark mark) {
        entries.addAll(mark.entries());
        candidates.addAll(mark.candidates());
    }

    /** These are marked. */
    void marked(Marks.Mark mark) {
        entries.removeAll(mark.entries());
        candidates.removeAll(mark.candidates());
    }

    /** Somebody has heard that candidates wait for the device. */
    void expectCandidates() {
        candidatesWait = true;
    }

    /** Whether candidates may wait; asked before they are looked for. */
    boolean takeCandidatesWait() {
        boolean wait = candidatesWait;
        candidatesWait = false;
        return wait;
    }

    /** The device asks for the whole. */
    void wantSnapshot() {
        snapshotWanted = true;
    }

    /** Whether it does; asked before it is read. */
    boolean takeSnapshotWanted() {
        boolean wanted = snapshotWanted;
        snapshotWanted = false;
        return wanted;
    }

    static TypedArray entries(List<Channel> channels) {
        return ids(channels.stream().map(channel -> channel.progress().entries).toList());
    }

    static TypedArray candidates(List<Channel> channels) {
        return ids(
                channels.stream().map(channel -> channel.progress().candidates).toList());
    }

    private static TypedArray ids(Collection<Set<Long>> sets) {
        return TypedArray.ofNumbers(sets.stream().flatMap(Set::stream).toList());
    }
}
