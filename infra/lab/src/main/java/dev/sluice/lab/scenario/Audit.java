package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.lab.Lab;
import java.util.Map;

/** The portal's audit, as an operator reads it. */
final class Audit {
    private Audit() {}

    /** The typed reason of the latest denial, empty when there is none. */
    static String lastDenial(Lab lab) {
        for (JsonNode entry : lab.portal().operate("audit/list", Map.of("limit", "20"))) {
            if (entry.path("action").asText().equals("flow_denied")) {
                return entry.path("reason").asText();
            }
        }
        return "";
    }
}
