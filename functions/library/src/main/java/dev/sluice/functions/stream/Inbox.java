package dev.sluice.functions.stream;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a device has sent and nobody has handled yet: handled in order and one at a time, while the event loop reads on. The
 * queue of the WebSocket layer has no bound, so nothing is left to it.
 */
final class Inbox {
    static final int MAX_FRAMES = 500;
    static final int MAX_CHARACTERS = 1 << 20;

    private final Executor threads;
    private final Consumer<String> handler;
    private final Queue<String> waiting = new ArrayDeque<>();
    private int characters;
    private boolean handling;
    private boolean closed;

    /** @param handler takes each text and throws nothing */
    Inbox(Executor threads, Consumer<String> handler) {
        this.threads = threads;
        this.handler = handler;
    }

    /**
     * Takes a text, or drops it if this is closed.
     *
     * @return false if too much waits: this is closed then
     */
    synchronized boolean offer(String text) {
        if (closed) {
            return true;
        }
        if (waiting.size() == MAX_FRAMES || characters + text.length() > MAX_CHARACTERS) {
            close();
            return false;
        }
        waiting.add(text);
        characters += text.length();
        if (!handling) {
            handling = true;
            threads.execute(this::handle);
        }
        return true;
    }

    /** Drops what waits. */
    synchronized void close() {
        closed = true;
        waiting.clear();
        characters = 0;
    }

    private void handle() {
        for (var text = next(); text != null; text = next()) {
            handler.accept(text);
        }
    }

    private synchronized @Nullable String next() {
        var text = waiting.poll();
        if (text == null) {
            handling = false;
        } else {
            characters -= text.length();
        }
        return text;
    }
}
