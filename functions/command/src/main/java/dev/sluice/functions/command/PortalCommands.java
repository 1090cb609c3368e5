package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Commands about the portal as a whole. */
final class PortalCommands {
    private PortalCommands() {}

    @Command(name = "seed", description = "Create the first account with sites, people, resources and policies.")
    static final class Seed implements Callable<Integer> {
        private final Session session;

        @Mixin
        Output output;

        Seed(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            JsonNode seeded = session.scope().operator().post("/operator/seed", Api.JSON.createObjectNode());
            session.print(output, Columns.of("seeds", "account_id", "site"), seeded);
            session.note(seeded.path("note").asText());
            return 0;
        }
    }

    @Command(name = "status", description = "Show what runs, who is connected, and what waits.")
    static final class Status implements Callable<Integer> {
        private final Session session;

        @Mixin
        Output output;

        Status(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            return session.print(output, session.scope().operator().get("/operator/status"));
        }
    }

    @Command(
            name = "verify",
            description = {
                "Hold flows against what grants them, the audit against the flows, and what gateways were told against the"
                        + " audit. Nothing is changed.",
                "Exit code 1 if a promise does not hold."
            })
    static final class Verify implements Callable<Integer> {
        private static final Columns COLUMNS = Columns.of("check", "violations", "examples");

        private final Session session;

        @Mixin
        Output output;

        Verify(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            ArrayNode findings = (ArrayNode) session.scope().operator().get("/operator/verification");
            session.print(output, COLUMNS, findings, false);
            for (JsonNode finding : findings) {
                if (finding.path("violations").asLong() > 0) {
                    return 1;
                }
            }
            return 0;
        }
    }
}
