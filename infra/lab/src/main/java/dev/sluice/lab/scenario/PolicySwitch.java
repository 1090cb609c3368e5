package dev.sluice.lab.scenario;

import dev.sluice.lab.LabException;
import dev.sluice.lab.PostgresServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Somebody who takes access away and gives it back all the time, by SQL, and remembers what the database acknowledged. */
final class PolicySwitch implements AutoCloseable {
    private static final int LONGEST_PAUSE_MILLIS = 400;
    /** One of so many changes takes the whole actor's access. */
    private static final int ACTOR_EVERY = 20;

    private static final String ACTOR =
            "UPDATE actor SET disabled_at = %s WHERE email = 'firezone-unprivileged-1@localhost.local'";

    private final PostgresServer database;
    private final SplittableRandom random;
    private final List<String> policies;
    /** Whether a policy grants; none where nobody knows whether the last change was committed. */
    private final Map<String, Boolean> acknowledged = new HashMap<>();

    private final Thread thread;
    private volatile boolean over;
    private volatile long changes;

    PolicySwitch(PostgresServer database, long seed) {
        this.database = database;
        this.random = new SplittableRandom(seed);
        this.policies = database.sql("SELECT id FROM policy");
        this.thread = Thread.ofPlatform().name("policies").start(this::run);
    }

    /** Ends it, and holds what was acknowledged against what is there. */
    @Override
    public void close() throws InterruptedException {
        over = true;
        thread.join(Duration.ofMinutes(2));
        Check.that(!thread.isAlive(), "a change by SQL does not end");
    }

    /** How many changes were committed. */
    long changes() {
        return changes;
    }

    /** After its end: what was acknowledged is there. */
    void check() {
        Map<String, Boolean> found = new HashMap<>();
        for (String line : database.sql("SELECT id, disabled_at IS NULL FROM policy")) {
            String[] field = line.split(" ", -1);
            found.put(field[0], field[1].equals("t"));
        }
        acknowledged.forEach((policy, grants) -> Check.that(
                grants.equals(found.get(policy)), "a change that was acknowledged is lost: policy " + policy));
    }

    private void run() {
        while (!over) {
            if (random.nextInt(ACTOR_EVERY) == 0) {
                insist(String.format(ACTOR, "now()"));
                pause();
                insist(String.format(ACTOR, "NULL"));
            } else {
                String policy = policies.get(random.nextInt(policies.size()));
                boolean grants = random.nextBoolean();
                acknowledged.remove(policy);
                if (done("UPDATE policy SET disabled_at = " + (grants ? "NULL" : "now()") + " WHERE id = '" + policy
                        + "'")) {
                    acknowledged.put(policy, grants);
                }
            }
            pause();
        }
    }

    private void insist(String statement) {
        while (!done(statement)) {
            pause();
        }
    }

    /** False where the server is down, or died meanwhile. */
    private boolean done(String statement) {
        try {
            database.sql(statement);
            changes++;
            return true;
        } catch (LabException e) {
            return false;
        }
    }

    private void pause() {
        try {
            Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            over = true;
        }
    }
}
