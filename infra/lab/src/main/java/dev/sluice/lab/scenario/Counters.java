package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.lab.Device;
import java.time.Duration;

/** Every packet is accounted for: received + originated = delivered + consumed + dropped by reason + held. */
final class Counters {
    /** A snapshot that is taken while packets pass may see one of them halfway. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private Counters() {}

    static void check(Device device) throws Exception {
        Check.within(PATIENCE, "the counters of " + device.host() + " add up", () -> addsUp(device.status()));
    }

    private static boolean addsUp(JsonNode status) {
        JsonNode counters = status.path("counters");
        Check.that(counters.has("received"), "the status has no counters");
        long dropped = 0;
        for (JsonNode count : counters.path("dropped")) {
            dropped += count.asLong();
        }
        long in =
                counters.path("received").asLong() + counters.path("originated").asLong();
        long out = counters.path("delivered").asLong()
                + counters.path("consumed").asLong()
                + counters.path("held").asLong()
                + dropped;
        return in == out;
    }
}
