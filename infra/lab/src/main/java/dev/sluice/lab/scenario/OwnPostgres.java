package dev.sluice.lab.scenario;

import dev.sluice.lab.Lab;
import dev.sluice.lab.PostgresServer;
import java.time.Duration;
import java.util.List;

/** The portal on a PostgreSQL that somebody runs, over TLS: it goes on after a restart, and after dropped connections. */
final class OwnPostgres implements Scenario {
    private static final double BOUND_MILLISECONDS = 5000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ASK_EVERY = Duration.ofMillis(20);

    @Override
    public String name() {
        return "own-postgresql";
    }

    @Override
    public String promise() {
        return "the portal on Debian's PostgreSQL over TLS: its restart, and dropped connections, under load";
    }

    @Override
    public boolean partOfAll() {
        return false;
    }

    @Override
    public List<Requirement> requirements() {
        return PostgresServer.REQUIREMENTS;
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        try (Fleet fleet = Fleet.start(1, ASK_EVERY, 1)) {
            PostgresServer database = fleet.database();
            String[] connections = database.connections().getFirst().split(" ", -1);
            Check.that(
                    connections[0].equals(connections[1]),
                    "a connection is not encrypted: " + connections[0] + " there are, and of them encrypted "
                            + connections[1]);
            database.dropConnections();
            double dropped = untilAnswered(fleet);
            fleet.settle();
            database.stop();
            database.start();
            double restarted = untilAnswered(fleet);
            fleet.settle();
            return Figure.milliseconds(
                    Math.max(dropped, restarted),
                    BOUND_MILLISECONDS,
                    "on " + database.version()
                            + ", the longer of until the next flow after dropped connections and after a" + " restart");
        }
    }

    private static double untilAnswered(Fleet fleet) throws Exception {
        long before = fleet.traffic().answers();
        return Check.within(
                PATIENCE,
                "a client is granted what it asks for",
                () -> fleet.traffic().answers() > before);
    }
}
