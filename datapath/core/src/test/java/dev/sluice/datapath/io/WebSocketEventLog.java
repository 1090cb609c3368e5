package dev.sluice.datapath.io;

import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a {@link WebSocketClient} reported, a line each. */
final class WebSocketEventLog implements WebSocketClient.Listener {
    private static final long PATIENCE_SECONDS = 30;

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    /** The next event; null if none comes. */
    @Nullable String next() throws InterruptedException {
        return events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    @Override
    public void opened(int socket, @Nullable Instant date) {
        events.add("opened " + socket);
    }

    @Override
    public void refused(int socket, int status, @Nullable String retryAfter, @Nullable String reason) {
        events.add("refused " + socket + " " + status + " " + retryAfter + " " + reason);
    }

    @Override
    public void closed(int socket, String why) {
        events.add("closed " + socket + " " + why);
    }

    @Override
    public void text(int socket, String text) {
        events.add("text " + socket + " " + text);
    }
}
