package dev.sluice.functions.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.functions.stream.PushedConnections;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jboss.logging.Logger;

/** Does what the function is called for. Nothing is left running when it returns: the process stands still until the next. */
@ApplicationScoped
@Unremovable
public class Invocations {
    private static final Logger LOG = Logger.getLogger(Invocations.class);

    /** So much of the time that is left is for answering that it was not enough. */
    private static final Duration SPARE = Duration.ofMillis(500);

    private final ObjectMapper json;
    private final Requests requests;
    private final Rounds rounds;
    private final SocketEvents sockets;
    private final PushedConnections connections;

    @Inject
    Invocations(
            ObjectMapper json, Requests requests, Rounds rounds, SocketEvents sockets, PushedConnections connections) {
        this.json = json;
        this.requests = requests;
        this.rounds = rounds;
        this.sockets = sockets;
        this.connections = connections;
    }

    /**
     * Answers an event.
     *
     * @param parts what the function is called for
     * @param within the time that is left for it
     * @throws IllegalArgumentException when it is none that is known here
     */
    byte[] handle(byte[] event, Set<Part> parts, Duration within) throws IOException {
        long until = System.nanoTime() + within.minus(SPARE).toNanos();
        boolean changed = false;
        try {
            return json.writeValueAsBytes(
                    switch (Event.of(read(event))) {
                        case Event.Http(var request) -> {
                            changed = Requests.mayChange(request);
                            yield requests.answer(request, parts, left(until));
                        }
                        case Event.Socket socket -> {
                            require(Part.CHANNELS, parts);
                            yield sockets.answer(socket, left(until));
                        }
                        case Event.Schedule(var period) -> {
                            require(Part.JOBS, parts);
                            changed = true;
                            rounds.run(period);
                            yield JsonNodeFactory.instance.nullNode();
                        }
                        case Event.Unknown(var why) -> throw refused(why);
                    });
        } finally {
            settle(changed, left(until));
        }
    }

    private static Duration left(long until) {
        return Duration.ofNanos(until - System.nanoTime());
    }

    /** What was called for is done: what devices could not be told now, they are told by the schedule. */
    private void settle(boolean changed, Duration within) {
        try {
            connections.settle(changed, within);
        } catch (RuntimeException e) {
            LOG.warnf("devices will be told later: %s", e.toString());
            LOG.debug("the failure", e);
        }
    }

    private JsonNode read(byte[] event) {
        try {
            return json.readTree(event);
        } catch (IOException e) {
            throw refused("no JSON");
        }
    }

    private static void require(Part part, Set<Part> parts) {
        if (!parts.contains(part)) {
            throw refused("for another function: " + Part.VARIABLE + " does not have "
                    + part.name().toLowerCase(Locale.ROOT));
        }
    }

    private static IllegalArgumentException refused(String why) {
        LOG.warnf("an event was refused: it is %s", why);
        return new IllegalArgumentException("The event is " + why + ".");
    }
}
