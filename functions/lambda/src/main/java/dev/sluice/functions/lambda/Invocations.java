package dev.sluice.functions.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.functions.settings.Variables;
import dev.sluice.functions.stream.Bell;
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

    private final ObjectMapper json;
    private final Requests requests;
    private final Rounds rounds;
    private final Bell bell;
    private final Set<Part> parts;

    @Inject
    Invocations(ObjectMapper json, Requests requests, Rounds rounds, Bell bell) {
        this.json = json;
        this.requests = requests;
        this.rounds = rounds;
        this.bell = bell;
        this.parts = Part.from(new Variables(System.getenv()));
    }

    /**
     * Answers an event.
     *
     * @param within the time that is left for it
     * @throws IllegalArgumentException when it is none that is known here
     */
    byte[] handle(byte[] event, Duration within) throws IOException {
        try {
            return json.writeValueAsBytes(
                    switch (Event.of(read(event))) {
                        case Event.Http(var request) -> requests.answer(request, parts, within);
                        case Event.Schedule(var period) -> {
                            require(Part.JOBS);
                            rounds.run(period);
                            yield JsonNodeFactory.instance.nullNode();
                        }
                        case Event.Unknown(var why) -> throw refused(why);
                    });
        } finally {
            bell.ring();
        }
    }

    private JsonNode read(byte[] event) {
        try {
            return json.readTree(event);
        } catch (IOException e) {
            throw refused("no JSON");
        }
    }

    private void require(Part part) {
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
