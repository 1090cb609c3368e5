package dev.sluice.functions.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection that keeps what is sent, and lets a test do something while it is. */
final class Wire implements ConnectionPush {
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private volatile @Nullable String closed;
    private Duration stuckFor = Duration.ZERO;
    private Consumer<String> onSend = text -> {};

    /** Runs before each text goes out, on the thread that sends it. */
    Wire onSend(Consumer<String> action) {
        onSend = action;
        return this;
    }

    @Override
    public void send(String text) {
        onSend.accept(text);
        texts.add(text);
    }

    /** As if nothing had left for this long. */
    Wire stuckFor(Duration time) {
        stuckFor = time;
        return this;
    }

    @Override
    public long settledAt(long now) {
        return now - stuckFor.toNanos();
    }

    @Override
    public void close(String reason) {
        if (closed == null) {
            closed = reason;
        }
    }

    List<String> texts() {
        return texts;
    }

    /** The words with which it was closed first; null while it is open. */
    @Nullable String closed() {
        return closed;
    }
}
