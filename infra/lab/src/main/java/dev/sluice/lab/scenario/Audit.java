package dev.sluice.lab.scenario;

import dev.sluice.lab.Lab;

/** The portal's audit, as an operator reads it. */
final class Audit {
    private Audit() {}

    /** The typed reason of the latest denial, empty when there is none. */
    static String lastDenial(Lab lab) {
        return lab.portal()
                .operate("audit", "list", "--action", "flow_denied", "--limit", "1")
                .path(0)
                .path("reason")
                .asText();
    }
}
