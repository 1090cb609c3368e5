package dev.sluice.functions.command;

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
}
