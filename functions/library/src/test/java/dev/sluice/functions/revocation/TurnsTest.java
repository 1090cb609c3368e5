package dev.sluice.functions.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.flow.Decision;
import dev.sluice.functions.testing.Session;
import dev.sluice.functions.testing.World;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * PostgreSQL lets those who share a row pass somebody who waits for it, so that asks without a pause would starve a
 * revocation. Here a decision is under way, then somebody ends access, and then comes the next ask.
 */
@ExtendWith(DatabaseExtension.class)
class TurnsTest {
    private TestDatabase database;
    private World world;
    private Session decision;

    @BeforeEach
    void begin(TestDatabase database) throws Exception {
        this.database = database;
        world = new World(database);
        decision = new Session(database);
        decision.execute("SELECT pg_advisory_xact_lock_shared(every_turn()), pg_advisory_xact_lock_shared(turn_of('"
                + world.accountId + "'))");
    }

    @AfterEach
    void end() throws Exception {
        decision.close();
    }

    @Test
    void shouldComeBeforeTheNextAsk() throws Exception {
        var revocation = decision.start(1, () -> {
            world.policies.disable(world.accountId, world.policyId);
            return true;
        });

        shouldDenyTheNextAskAfter(revocation);
    }

    @Test
    void shouldComeBeforeTheNextAskWhenItIsTyped() throws Exception {
        var revocation = decision.start(1, () -> {
            database.execute("DELETE FROM membership WHERE actor_id = '" + world.actorId + "';"
                    + " UPDATE policy SET disabled_at = now() WHERE id = '" + world.policyId + "'");
            return true;
        });

        shouldDenyTheNextAskAfter(revocation);
    }

    @Test
    void shouldNotKeepOtherAccountsWaiting() throws Exception {
        var other = new World(database);
        var revocation = decision.start(1, () -> {
            world.policies.disable(world.accountId, world.policyId);
            return true;
        });

        assertThat(other.decisions.decide(other.ask())).isInstanceOf(Decision.Granted.class);

        assertThat(revocation).isNotDone();
        decision.commit();
        Session.result(revocation);
    }

    @Test
    void shouldNotBeTakenByDevicesThatConnect() throws Exception {
        var connected = decision.start(1, () -> world.device(world.clientToken, "client", "headless-client/1.5.5"));

        assertThat(Session.result(connected).id()).isEqualTo(world.client.id());
    }

    private void shouldDenyTheNextAskAfter(CompletableFuture<Boolean> revocation) throws Exception {
        var ask = decision.start(2, () -> world.decisions.decide(world.ask()));
        assertThat(revocation).isNotDone();
        assertThat(ask).isNotDone();

        decision.commit();

        Session.result(revocation);
        assertThat(Session.result(ask)).isInstanceOf(Decision.Denied.class);
    }
}
