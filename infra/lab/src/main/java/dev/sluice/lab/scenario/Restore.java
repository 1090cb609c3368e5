package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Portal;
import dev.sluice.lab.PostgresServer;
import java.time.Duration;
import java.util.List;

/** A backup that was made under load takes the place of a server that is lost, with all that it has forgotten. */
final class Restore implements Scenario {
    private static final Duration ASK_EVERY = Duration.ofMillis(25);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** How much is decided between two moments. */
    private static final int FLOWS = 300;

    @Override
    public String name() {
        return "restore";
    }

    @Override
    public String promise() {
        return "two portals on a backup that was made under load, after 'portal restored': flows lost, and let in (2 min)";
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
        long seed = System.nanoTime();
        try (Fleet fleet = Fleet.start(2, ASK_EVERY, seed)) {
            PostgresServer database = fleet.database();
            try (PolicySwitch policies = new PolicySwitch(database, seed)) {
                moreFlows(fleet);
                database.backUp();
                moreFlows(fleet);
            }
            String before = generation(database);
            for (Portal portal : fleet.portals()) {
                portal.part().kill();
            }
            database.kill();
            database.restore();
            database.start();
            String forgotten = generation(database);
            Check.that(!forgotten.equals(before), "nothing was decided after the backup");
            for (Portal portal : fleet.portals()) {
                Fleet.start(portal);
            }
            JsonNode restored = fleet.portals().getFirst().operate("restored", "--keep-tokens");
            // As the command says of gateways that are not of Sluice's make.
            fleet.traffic().restartForeignGateways();
            long changes;
            try (PolicySwitch policies = new PolicySwitch(database, seed + 1)) {
                moreFlows(fleet);
                policies.close();
                policies.check();
                changes = policies.changes();
            }
            fleet.settle();
            return Figure.fact(
                    "0 lost and 0 let in, " + restored.path("flows").asLong()
                            + " flows of the backup ended, generation "
                            + before + " forgotten to " + forgotten + " and gone on with at "
                            + restored.path("generation").asLong() + ", "
                            + fleet.traffic().grants() + " grants, "
                            + changes + " changes by SQL since, seed " + seed,
                    "0 and 0");
        }
    }

    private static String generation(PostgresServer database) {
        return database.sql("SELECT max(generation) FROM flow").getFirst();
    }

    private static void moreFlows(Fleet fleet) throws Exception {
        long answers = fleet.traffic().answers();
        Check.within(
                PATIENCE,
                "clients are granted what they ask for",
                () -> fleet.traffic().answers() > answers + FLOWS);
    }
}
