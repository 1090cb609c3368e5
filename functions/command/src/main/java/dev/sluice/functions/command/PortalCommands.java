package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
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
            return session.run(output, "seed", new Arguments());
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
            return session.run(output, "status", new Arguments());
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
        private final Session session;

        @Mixin
        Output output;

        Verify(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            JsonNode findings = session.call("verify", new Arguments());
            session.print(output, findings);
            for (JsonNode finding : findings) {
                if (finding.path("violations").asLong() > 0) {
                    return 1;
                }
            }
            return 0;
        }
    }
}
