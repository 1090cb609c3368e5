package dev.sluice.functions.process;

import dev.sluice.functions.stream.ConnectionPush;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.WebSocketConnection;
import java.time.Duration;
import org.jboss.logging.Logger;

/** A device's socket. */
final class SocketConnection implements ConnectionPush {
    /** A device that reads so slowly that this much waits for it starts anew from a snapshot. */
    private static final int MAX_WAITING = 10_000;

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private static final int NORMAL_CLOSURE = 1000;

    private static final Logger LOG = Logger.getLogger(SocketConnection.class);

    private final WebSocketConnection socket;
    private int waiting;
    private long waitingSince;
    private boolean closing;
    private long closingSince;

    SocketConnection(WebSocketConnection socket) {
        this.socket = socket;
    }

    /** One at a time: a long text goes out in several frames, and those of two texts must not mix. */
    @Override
    public synchronized void send(String text) {
        if (closing) {
            return;
        }
        if (waiting == MAX_WAITING) {
            close("too slow");
            return;
        }
        if (waiting++ == 0) {
            waitingSince = System.nanoTime();
        }
        socket.sendText(text).subscribe().with(sent -> sent(), failure -> {
            LOG.debugf("a frame was not sent: %s", failure.toString());
            close("a frame was not sent");
        });
    }

    @Override
    public synchronized long settledAt(long now) {
        return waiting == 0 ? now : waitingSince;
    }

    @Override
    public synchronized void close(String reason) {
        if (!closing && socket.isOpen()) {
            closing = true;
            closingSince = System.nanoTime();
            socket.close(new CloseReason(NORMAL_CLOSURE, reason))
                    .subscribe()
                    .with(done -> {}, failure -> LOG.debugf("a socket was not closed: %s", failure.toString()));
        }
    }

    /** Ends the connection of a device that did not let it be closed. */
    synchronized void cutIfStuck(long now) {
        if (closing && now - closingSince > CLOSE_WITHIN.toNanos()) {
            var line = socket.userData().get(Line.KEY);
            if (line != null) {
                line.cut();
            }
        }
    }

    private synchronized void sent() {
        waiting--;
    }
}
