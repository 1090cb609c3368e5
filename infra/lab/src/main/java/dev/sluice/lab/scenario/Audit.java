package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.lab.Lab;
import java.util.Map;

/** The portal's audit, as an operator reads it. */
final class Audit {
    private Audit() {}

    /** The typed reason of the latest entry that has one, empty when there is none. */
    static String lastReason(Lab lab) {
        JsonNode entries = lab.portal().operate("audit/list", Map.of("limit", "1", "denied", "true"));
        return entries.path(0).path("reason").asText("");
    }
}
