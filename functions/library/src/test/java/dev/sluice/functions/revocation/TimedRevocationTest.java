package dev.sluice.functions.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.flow.Decision;
import dev.sluice.functions.testing.Session;
import dev.sluice.functions.testing.World;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class TimedRevocationTest {
    private TestDatabase database;
    private World world;

    @BeforeEach
    void world(TestDatabase database) {
        this.database = database;
        world = new World(database);
    }

    @Test
    void shouldEndWhatTimeHasEnded() {
        var sweeper = new TimedRevocation(world.transactions);
        var granted = world.authorize();
        world.execute("UPDATE flow SET expires_at = now() WHERE id = ?", granted.flowId());
        assertThat(world.outbox(world.gateway)).endsWith("expiry_updated");

        assertThat(sweeper.sweepExpired()).isOne();

        assertThat(world.outbox(world.gateway)).endsWith("reject_access expired");
        assertThat(world.outbox(world.client)).endsWith("resource expired");
    }

    @Test
    void shouldKnowInWhatTimeTheNextFlowEnds() {
        var sweeper = new TimedRevocation(world.transactions);
        sweeper.sweepExpired();
        var granted = world.authorize();
        assertThat(sweeper.untilNextExpiry(Duration.ofSeconds(30))).isEmpty();

        world.flows.expire(world.accountId, granted.flowId(), Duration.ofSeconds(20));
        assertThat(sweeper.untilNextExpiry(Duration.ofSeconds(30)))
                .hasValueSatisfying(next -> assertThat(next).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20)));

        world.flows.expire(world.accountId, granted.flowId(), Duration.ofMillis(-5));
        assertThat(sweeper.untilNextExpiry(Duration.ofSeconds(30)))
                .hasValueSatisfying(next -> assertThat(next).isLessThanOrEqualTo(Duration.ZERO));
        assertThat(sweeper.sweepExpired()).isOne();
        assertThat(sweeper.untilNextExpiry(Duration.ofSeconds(30))).isEmpty();
    }

    @Test
    void shouldFailARequestThatNoGatewayConfirmed() {
        var sweeper = new TimedRevocation(world.transactions);
        world.grant();
        assertThat(sweeper.sweepPending()).isZero();
        world.endDeadlines();

        assertThat(sweeper.sweepPending()).isOne();

        assertThat(world.outbox(world.gateway)).endsWith("reject_access gateway_offline");
        assertThat(world.outbox(world.client)).endsWith("flow_failed gateway_offline");
    }

    @Test
    void shouldNotWaitForARequestWhoseFlowSomebodyHolds() throws Exception {
        var sweeper = new TimedRevocation(world.transactions);
        var held = world.grant();
        var elsewhere = world.resource("10.9.0.0/16");
        world.policyFor(elsewhere);
        world.decisions.decide(world.ask(elsewhere));
        world.endDeadlines();
        try (var session = new Session(database)) {
            session.execute("SELECT FROM flow WHERE id = '" + held.flowId() + "' FOR UPDATE");

            assertThat(sweeper.sweepPending()).isOne();
        }
        assertThat(sweeper.sweepPending()).as("once it is free").isOne();
    }

    @Test
    void shouldDeleteTokensWhoseTimeIsOver() {
        var sweeper = new TimedRevocation(world.transactions);
        world.authorize();
        world.execute("UPDATE token SET expires_at = now() WHERE id = ?", world.clientToken.id());
        assertThat(world.outbox(world.gateway)).endsWith("expiry_updated");

        sweeper.sweepTokens();

        assertThat(world.outbox(world.gateway)).endsWith("reject_access token_expired");
        assertThat(world.decisions.decide(world.ask())).isInstanceOf(Decision.Denied.class);
    }
}
