package dev.sluice.functions.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.testing.World;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What went on in an account, minute by minute. */
@ExtendWith(DatabaseExtension.class)
class ActivityTest {
    private final TestDatabase database;
    private World world;
    private World other;
    private ActivityService activity;

    ActivityTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void worlds() {
        world = new World(database);
        other = new World(database);
        activity = new ActivityService(world.transactions);
    }

    private List<Activity> read(int steps, Duration step) {
        return world.transactions
                .inAccount(world.accountId)
                .glance(transaction -> activity.read(transaction, world.accountId, steps, step));
    }

    /** Of whatever minutes it fell into. */
    private Activity all() {
        activity.record();
        return read(1, Duration.ofHours(1)).getFirst();
    }

    @Test
    void shouldCountWhatWasGrantedDeniedAndEnded() {
        world.authorize();
        world.flows.end(
                world.accountId,
                world.one("SELECT id FROM flow WHERE account_id = ?", row -> row.id("id"), world.accountId));
        world.authorize();
        world.execute("UPDATE policy SET disabled_at = now() WHERE account_id = ?", world.accountId);
        world.decisions.decide(world.ask());

        var counted = all();
        assertThat(counted.granted()).isEqualTo(2);
        assertThat(counted.ended()).isEqualTo(2);
        assertThat(counted.denied()).isEqualTo(1);
        assertThat(counted.decided()).isBetween(0.0, 60_000.0);
        assertThat(counted.revoked()).as("nobody was told yet").isNull();
        assertThat(all()).as("counted anew").isEqualTo(counted);
        assertThat(other.transactions
                        .inAccount(other.accountId)
                        .<Long>glance(transaction ->
                                transaction.one("SELECT count(*) FROM activity", row -> row.number("count"))))
                .isZero();
    }

    /** Whatever else the audit has: by how far it had come some minutes ago. */
    @Test
    void shouldLookAtNothingThatWasThereLongBefore() {
        world.authorize();
        database.execute("INSERT INTO activity_mark SELECT now() - interval '5 minutes', max(id), 0 FROM audit_entry");
        world.authorize();

        assertThat(all().granted()).isOne();
        database.execute("DELETE FROM activity_mark");
    }

    /** Entries of the audit outlive what they are about. */
    @Test
    void shouldCountBesideWhatIsOfNoAccountAnyMore() {
        world.authorize();
        database.execute("INSERT INTO audit_entry (account_id, action) VALUES (gen_random_uuid(), 'flow_granted')");

        assertThat(all().granted()).isOne();
    }

    @Test
    void shouldSayHowLongTheEndsTook() {
        world.execute(
                "INSERT INTO outbox (account_id, device_id, kind, inserted_at, sent_at)"
                        + " VALUES (?, ?, 'reject_access', now() - interval '250 milliseconds', now()),"
                        + " (?, ?, 'resource', now() - interval '9 seconds', now())",
                world.accountId,
                world.gateway.id(),
                world.accountId,
                world.client.id());

        assertThat(all().revoked()).isBetween(249.0, 251.0);
    }

    @Test
    void shouldHaveARowForEachStepUntilNow() {
        var hour = read(60, Duration.ofMinutes(1));
        assertThat(hour).hasSize(60).allMatch(minute -> minute.granted() == 0 && minute.decided() == null);
        assertThat(hour.getLast().at())
                .isBetween(Instant.now().minusSeconds(120).truncatedTo(ChronoUnit.MINUTES), Instant.now());
        assertThat(Duration.between(hour.getFirst().at(), hour.getLast().at())).isEqualTo(Duration.ofMinutes(59));
    }

    @Test
    void shouldForgetWhatWasLongAgo() {
        for (int days : List.of(31, 1)) {
            database.execute("INSERT INTO activity VALUES ('" + world.accountId + "', now() - interval '" + days
                    + " days', 1, 0, 0)");
        }
        activity.record();
        assertThat(world.count("SELECT count(*) FROM activity WHERE account_id = ?", world.accountId))
                .isOne();
    }
}
