package dev.sluice.datapath.simulation;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Wakes a state machine when it wants to be woken. */
final class Alarm {
    private static final int MOST_AT_ONCE = 3;

    private final String name;
    private final Timeline timeline;
    private final LongSupplier nextTimeout;
    private final LongConsumer handleTimeout;
    private long armedFor = Long.MAX_VALUE;
    private boolean off;

    Alarm(String name, Timeline timeline, LongSupplier nextTimeout, LongConsumer handleTimeout) {
        this.name = name;
        this.timeline = timeline;
        this.nextTimeout = nextTimeout;
        this.handleTimeout = handleTimeout;
    }

    /** To be called after every input. */
    void rearm() {
        long wanted = Math.max(nextTimeout.getAsLong(), timeline.now());
        if (wanted < armedFor && !off) {
            armedFor = wanted;
            timeline.at(wanted, () -> ring(wanted));
        }
    }

    void off() {
        off = true;
    }

    private void ring(long time) {
        if (off || time != armedFor) {
            return;
        }
        armedFor = Long.MAX_VALUE;
        for (int i = 0; nextTimeout.getAsLong() <= timeline.now(); i++) {
            if (i == MOST_AT_ONCE) {
                throw new AssertionError(name + " wants to be woken again and again");
            }
            handleTimeout.accept(timeline.now());
        }
        rearm();
    }
}
