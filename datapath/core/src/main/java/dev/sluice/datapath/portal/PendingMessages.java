package dev.sluice.datapath.portal;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * What the device wants to say while the channel is down. A message that is waiting already is not kept twice, and of
 * more than {@value #CAPACITY} the oldest goes: what was asked last is what is still wanted.
 */
final class PendingMessages<M> {
    static final int CAPACITY = 32;

    private final ArrayDeque<M> messages = new ArrayDeque<>(CAPACITY);
    private long dropped;

    void add(M message) {
        if (messages.contains(message)) {
            return;
        }
        if (messages.size() == CAPACITY) {
            messages.removeFirst();
            dropped++;
        }
        messages.addLast(message);
    }

    /** Hands over all messages, oldest first, and forgets them. */
    void drainTo(Consumer<M> sink) {
        while (!messages.isEmpty()) {
            sink.accept(messages.removeFirst());
        }
    }

    void clear() {
        messages.clear();
    }

    int size() {
        return messages.size();
    }

    long dropped() {
        return dropped;
    }
}
