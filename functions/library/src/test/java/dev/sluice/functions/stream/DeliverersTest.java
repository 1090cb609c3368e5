package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.testing.Session;
import dev.sluice.functions.testing.World;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class DeliverersTest {
    private static final int PASSES = 3;
    private static final int PATIENCE_SECONDS = 20;

    private final TestDatabase database;
    private final CountDownLatch gatewayTold = new CountDownLatch(1);
    private final CountDownLatch clientTold = new CountDownLatch(1);
    private World world;
    private Portal portal;
    private @Nullable Deliverers deliverers;

    DeliverersTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void join() {
        world = new World(database);
        portal = new Portal(world.transactions);
        portal.join(world.gateway, new Wire().onSend(text -> count(text, "reject_access", gatewayTold)));
        portal.join(world.client, new Wire().onSend(text -> count(text, "resource_deleted", clientTold)));
        world.authorize();
        portal.deliver();
    }

    @AfterEach
    void stop() {
        if (deliverers != null) {
            deliverers.stop();
        }
    }

    @Test
    void shouldEndAccessAtTheGatewayWithoutWaitingForWhatIsReadForClients() throws Exception {
        world.policies.disable(world.accountId, world.policyId);
        try (var session = new Session(database)) {
            session.execute("LOCK TABLE membership IN ACCESS EXCLUSIVE MODE");
            start(portal.delivery);

            assertThat(gatewayTold.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(clientTold.getCount()).isOne();
            session.rollback();
        }
        assertThat(clientTold.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldMarkWhatTheyHaveHandedOverWhenTheyStop() throws Exception {
        world.policies.disable(world.accountId, world.policyId);
        start(portal.delivery);
        assertThat(gatewayTold.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(clientTold.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

        stop();

        assertThat(world.count("SELECT count(*) FROM outbox WHERE account_id = ? AND sent_at IS NULL", world.accountId))
                .isZero();
    }

    @Test
    void shouldGoOnAfterAnError() throws Exception {
        var passes = new CountDownLatch(PASSES);
        world.policies.disable(world.accountId, world.policyId);

        start(new Delivery(world.transactions, null, null, null) {
            @Override
            boolean deliver(List<Channel> served, long now, Consumer<Marks.Mark> handed) {
                passes.countDown();
                throw new StackOverflowError("as a broken pass does");
            }
        });

        assertThat(passes.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private void start(Delivery delivery) {
        deliverers = portal.deliverers(delivery);
        deliverers.start();
    }

    private static void count(String text, String event, CountDownLatch told) {
        if (text.contains(event)) {
            told.countDown();
        }
    }
}
