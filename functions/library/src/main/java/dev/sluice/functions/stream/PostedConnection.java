package dev.sluice.functions.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jboss.logging.Logger;

/**
 * A connection that is held elsewhere, as it is told something by one invocation: what was handed over goes out, one text
 * after the other, when it is drained.
 */
public final class PostedConnection implements ConnectionPush {
    /** What became of it. */
    public enum State {
        OPEN,
        /** It has ended. */
        GONE,
        /** Not all could be sent now; what was not is still to be. */
        BEHIND
    }

    private static final Logger LOG = Logger.getLogger(PostedConnection.class);

    private final ConnectionsApi api;
    private final String address;
    private final long until;
    private final Queue<String> waiting = new ArrayDeque<>();
    private boolean closing;
    private State state = State.OPEN;

    /** @param until when there is no time left to send, in monotonic nanoseconds */
    public PostedConnection(ConnectionsApi api, String address, long until) {
        this.api = api;
        this.address = address;
        this.until = until;
    }

    @Override
    public synchronized void send(String text) {
        if (closing) {
            return;
        }
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > ConnectionsApi.LONGEST) {
            LOG.errorf(
                    "A message of %d bytes is not sent, and its connection ends: functions can send %d. A process can"
                            + " serve the channels of an account with so many resources or authorizations.",
                    length, ConnectionsApi.LONGEST);
            close("too long");
            return;
        }
        waiting.add(text);
    }

    @Override
    public long settledAt(long now) {
        return now;
    }

    @Override
    public synchronized void close(String reason) {
        closing = true;
    }

    /** Sends what waits. */
    public synchronized State drain() {
        try {
            while (state == State.OPEN && !waiting.isEmpty()) {
                if (System.nanoTime() - until > 0) {
                    state = State.BEHIND;
                } else if (api.post(address, waiting.element())) {
                    waiting.remove();
                } else {
                    state = State.GONE;
                }
            }
            if (closing && state != State.GONE) {
                api.close(address);
                state = State.GONE;
            }
        } catch (RuntimeException e) {
            LOG.warnf("a device could not be told something: %s", e.toString());
            state = State.BEHIND;
        }
        return state;
    }
}
