package dev.sluice.lab.scenario;

import dev.sluice.lab.Lab;
import dev.sluice.lab.Portal;
import dev.sluice.lab.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Portals and their database die at any moment: nothing that was granted is lost, and nothing that was taken away stays. */
final class KillPortal implements Scenario {
    private static final int KILLS_OF_A_PORTAL = 17;
    private static final int KILLS_OF_THE_SERVER = 9;
    private static final int KILLS_OF_A_BACKEND = 9;
    /** From one look at what the kills have left to the next. */
    private static final int KILLS_A_ROUND = 13;

    private static final int LONGEST_LOAD_MILLIS = 3000;
    private static final Duration ASK_EVERY = Duration.ofMillis(25);

    /** Something dies, and comes back. */
    private interface Kill {
        void run() throws Exception;
    }

    @Override
    public String name() {
        return "kill-portal";
    }

    @Override
    public String promise() {
        return "two portals and PostgreSQL are killed 52 times under load: flows lost, and let in (some 15 min)";
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
        Random random = new Random(seed);
        try (Fleet fleet = Fleet.start(2, ASK_EVERY, seed)) {
            List<Kill> kills = kills(fleet);
            Collections.shuffle(kills, random);
            long changes = 0;
            for (int begin = 0; begin < kills.size(); begin += KILLS_A_ROUND) {
                changes += round(fleet, kills.subList(begin, Math.min(kills.size(), begin + KILLS_A_ROUND)), random);
            }
            return Figure.fact(
                    "0 lost and 0 let in after " + kills.size() + " kills, "
                            + fleet.traffic().grants() + " grants, "
                            + fleet.traffic().ends() + " ends, " + changes + " changes by SQL, seed " + seed,
                    "0 and 0");
        }
    }

    private static List<Kill> kills(Fleet fleet) {
        List<Kill> kills = new ArrayList<>();
        for (Portal portal : fleet.portals()) {
            kills.addAll(Collections.nCopies(KILLS_OF_A_PORTAL, () -> {
                portal.part().kill();
                Fleet.start(portal);
            }));
        }
        PostgresServer database = fleet.database();
        kills.addAll(Collections.nCopies(KILLS_OF_THE_SERVER, () -> {
            database.kill();
            database.start();
        }));
        kills.addAll(Collections.nCopies(KILLS_OF_A_BACKEND, database::killBackend));
        return kills;
    }

    /** Some kills at random moments, and then all that must hold; returns how often access was changed meanwhile. */
    private static long round(Fleet fleet, List<Kill> kills, Random random) throws Exception {
        try (PolicySwitch policies = new PolicySwitch(fleet.database(), random.nextLong())) {
            for (Kill kill : kills) {
                Thread.sleep(random.nextInt(LONGEST_LOAD_MILLIS));
                kill.run();
            }
            fleet.database().start();
            policies.close();
            policies.check();
            fleet.settle();
            return policies.changes();
        }
    }
}
