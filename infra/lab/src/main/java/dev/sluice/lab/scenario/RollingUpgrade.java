package dev.sluice.lab.scenario;

import dev.sluice.lab.Lab;
import dev.sluice.lab.Portal;
import dev.sluice.lab.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Two portals of the version before are replaced one by one, back and forth, on tables that were migrated beside them. */
final class RollingUpgrade implements Scenario {
    private static final Duration ASK_EVERY = Duration.ofMillis(25);
    /** How much each mixture of versions decides before it is looked at. */
    private static final int FLOWS_A_STEP = 200;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What is done between two looks. */
    private interface Step {
        void run() throws Exception;
    }

    @Override
    public String name() {
        return "rolling-upgrade";
    }

    @Override
    public String promise() {
        return "migrated and replaced one by one under load, with SLUICE_PREVIOUS=TREE: flows lost, and let in (some 4 min)";
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
        try (Fleet fleet =
                Fleet.start(2, ASK_EVERY, seed, (portal, database) -> portal.downgrade(database.environment()))) {
            // The owner's password stays with whoever migrates.
            Map<String, String> after = fleet.database().applicationEnvironment();
            Map<String, String> before = fleet.database().environment();
            Portal first = fleet.portals().getFirst();
            Portal second = fleet.portals().getLast();
            StringBuilder migrated = new StringBuilder();
            List<Step> steps = List.of(
                    () -> migrated.append(Portal.migrate(fleet.database().environment())),
                    () -> replace(first, () -> first.upgrade(after)),
                    // What is not replaced yet may die, and comes back as it was.
                    () -> {
                        second.part().kill();
                        Fleet.start(second);
                    },
                    () -> replace(second, () -> second.upgrade(after)),
                    () -> replace(first, () -> first.downgrade(before)),
                    () -> replace(first, () -> first.upgrade(after)));
            long changes = 0;
            for (Step step : steps) {
                changes += underLoad(fleet, step, seed + changes);
            }
            return Figure.fact(
                    "0 lost and 0 let in over " + steps.size() + " steps, "
                            + migrated.toString()
                                    .lines()
                                    .filter(line -> line.startsWith("done"))
                                    .count()
                            + " migrations, "
                            + fleet.traffic().grants() + " grants, "
                            + fleet.traffic().ends() + " ends, " + changes
                            + " changes by SQL, seed " + seed,
                    "0 and 0");
        }
    }

    private static void replace(Portal portal, Runnable by) throws InterruptedException {
        portal.part().stop();
        by.run();
        Fleet.start(portal);
    }

    /** Returns how often access was changed meanwhile. */
    private static long underLoad(Fleet fleet, Step step, long seed) throws Exception {
        try (PolicySwitch policies = new PolicySwitch(fleet.database(), seed)) {
            step.run();
            long answers = fleet.traffic().answers();
            Check.within(
                    PATIENCE,
                    "clients are granted what they ask for",
                    () -> fleet.traffic().answers() > answers + FLOWS_A_STEP);
            policies.close();
            policies.check();
            fleet.settle();
            return policies.changes();
        }
    }
}
