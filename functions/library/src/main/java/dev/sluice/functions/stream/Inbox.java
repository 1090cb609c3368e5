package dev.sluice.functions.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What a device has sent and nobody has handled yet: handled in order and one at a time, while the event loop reads on. The
 * queue of the WebSocket layer has no bound, so nothing is left to it.
 */
final class Inbox {
    static final int MAX_FRAMES = 500;
    static final int MAX_CHARACTERS = 1 << 20;
    /** What is handled as one costs little more than one of it. */
    static final int MOST_AT_ONCE = 64;

    private final Executor threads;
    private final Consumer<List<String>> handler;
    private final Queue<String> waiting = new ArrayDeque<>();
    private int characters;
    private boolean handling;
    private boolean closed;

    /** @param handler takes what waits, in order, and throws nothing */
    Inbox(Executor threads, Consumer<List<String>> handler) {
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
        for (var texts = next(); !texts.isEmpty(); texts = next()) {
            handler.accept(texts);
        }
    }

    private synchronized List<String> next() {
        var texts = new ArrayList<String>();
        while (texts.size() < MOST_AT_ONCE && !waiting.isEmpty()) {
            var text = waiting.remove();
            characters -= text.length();
            texts.add(text);
        }
        handling = !texts.isEmpty();
        return texts;
    }
}
