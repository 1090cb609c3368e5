package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.AuthorizeFlow;
import dev.sluice.channel.Decoded;
import dev.sluice.channel.FrameCodec;
import dev.sluice.channel.GatewayCodec;
import dev.sluice.channel.PortalToGateway;
import dev.sluice.channel.RejectAccess;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.flow.Ask;
import dev.sluice.functions.flow.ConfirmationService;
import dev.sluice.functions.flow.Decision;
import dev.sluice.functions.flow.DecisionService;
import dev.sluice.functions.revocation.Verification;
import dev.sluice.functions.testing.Pool;
import dev.sluice.functions.testing.Settings;
import dev.sluice.functions.testing.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Grants and revocations race on the same pairs, on two instances, by services and by hand; the gateway is served by one
 * instance and the client by the other. Afterwards nothing that ended is held, and nothing that was decided is lost.
 */
@ExtendWith(DatabaseExtension.class)
class HistoryTest {
    private static final int ASKERS = 4;
    private static final int ASKS = 60;

    private final TestDatabase database;
    private final World world;
    private final Portal first;
    private final Portal second;
    private final Wire toGateway = new Wire();
    private final List<UUID> resources = new ArrayList<>();
    private final List<UUID> policies = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> refs = new ConcurrentLinkedQueue<>();
    private final AtomicInteger asking = new AtomicInteger(ASKERS);

    HistoryTest(TestDatabase database) {
        this.database = database;
        world = new World(database);
        first = new Portal(Pool.transactions(database.application()));
        second = new Portal(Pool.transactions(database.application()));
        resources.add(world.resourceId);
        policies.add(world.policyId);
        for (var network : List.of("10.1.0.0/16", "10.2.0.0/16")) {
            var resource = world.resource(network);
            resources.add(resource);
            policies.add(world.policyFor(resource));
        }
    }

    @Test
    void shouldLoseNothingAndLetNobodyInWhenGrantsAndRevocationsRace() throws Exception {
        toGateway.onSend(text -> {
            if (message(text) instanceof AuthorizeFlow flow) {
                refs.add(flow.ref());
            }
        });
        first.join(world.gateway, toGateway);
        second.join(world.client, new Wire());

        var work = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < ASKERS; i++) {
            int number = i;
            work.add(() -> ask(number));
        }
        work.add(() -> confirm());
        work.add(() -> deliver(first));
        work.add(() -> deliver(second));
        work.add(() -> switchPolicies(policies));
        work.add(() -> switchPolicies(policies.reversed()));
        work.add(this::byHand);
        int granted = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> done : threads.invokeAll(work)) {
                granted += done.get();
            }
        }
        confirmAll();
        while (first.deliver() || second.deliver()) {
            // What lies behind a full batch comes with the next one.
        }

        assertThat(granted).as("some asks were granted").isPositive();
        assertThat(new Verification(world.transactions).findings())
                .allSatisfy(finding ->
                        assertThat(finding.violations()).as("%s", finding).isZero());
        assertThat(held()).as("what the gateway holds").isEqualTo(flows());
        assertThat(deadlocks()).as("deadlocks").isZero();
        assertThat(world.count(
                        "SELECT count(*) FROM audit_entry WHERE account_id = ? AND action = 'flow_granted'",
                        world.accountId))
                .as("each grant has its entry")
                .isEqualTo(granted);
    }

    /** Says how often access was granted. */
    private int ask(int number) {
        var decisions = new DecisionService(Pool.transactions(database.application()), Settings.FLOW);
        int granted = 0;
        try {
            for (int i = 0; i < ASKS; i++) {
                var resource = resources.get((number + i) % resources.size());
                var ask = new Ask(world.accountId, world.client.id(), world.client.credential(), resource, List.of());
                if (decisions.decide(ask) instanceof Decision.Granted) {
                    granted++;
                }
            }
            return granted;
        } finally {
            asking.decrementAndGet();
        }
    }

    private int confirm() {
        while (asking.get() > 0) {
            confirmAll();
            Thread.onSpinWait();
        }
        return 0;
    }

    private void confirmAll() {
        var confirmations = new ConfirmationService(world.transactions);
        var some = new ArrayList<String>();
        for (var ref = refs.poll(); ref != null; ref = refs.poll()) {
            some.add(ref);
        }
        if (!some.isEmpty()) {
            confirmations.confirm(world.accountId, world.gateway.id(), some);
        }
    }

    private int deliver(Portal portal) {
        while (asking.get() > 0) {
            portal.deliver();
        }
        return 0;
    }

    /** Two of these cross, each in its own order. */
    private int switchPolicies(List<UUID> order) {
        while (asking.get() > 0) {
            for (var policy : order) {
                world.policies.disable(world.accountId, policy);
                world.policies.enable(world.accountId, policy);
            }
        }
        return 0;
    }

    /** All of them at once, and the membership that they rest on. */
    private int byHand() {
        while (asking.get() > 0) {
            database.execute("UPDATE policy SET disabled_at = now() WHERE account_id = '" + world.accountId + "'");
            database.execute("UPDATE policy SET disabled_at = NULL WHERE account_id = '" + world.accountId + "'");
            database.execute("DELETE FROM membership WHERE account_id = '" + world.accountId + "'");
            database.execute("INSERT INTO membership (account_id, group_id, actor_id) VALUES ('" + world.accountId
                    + "', '" + world.groupId + "', '" + world.actorId + "')");
        }
        return 0;
    }

    /** What a gateway of ours makes of what it was told: an older decision never undoes a newer one. */
    private Set<UUID> held() {
        Map<UUID, Long> newest = new HashMap<>();
        Set<UUID> held = new HashSet<>();
        for (var text : toGateway.texts()) {
            var extra = FrameCodec.decode(text).orElseThrow().sluice();
            switch (message(text)) {
                case AuthorizeFlow flow -> {
                    if (newest.merge(flow.resource().id(), generation(extra), Math::max) == generation(extra)) {
                        held.add(flow.resource().id());
                    }
                }
                case RejectAccess reject -> {
                    if (newest.merge(reject.resourceId(), generation(extra), Math::max) == generation(extra)) {
                        held.remove(reject.resourceId());
                    }
                }
                case null, default -> {}
            }
        }
        return held;
    }

    private static long generation(SluiceExtra extra) {
        return Objects.requireNonNull(Objects.requireNonNull(extra).generation());
    }

    private static PortalToGateway message(String text) {
        var frame = FrameCodec.decode(text).orElseThrow();
        return GatewayCodec.decodePush(frame) instanceof Decoded.Message<PortalToGateway>(var message) ? message : null;
    }

    private Set<UUID> flows() {
        return new HashSet<>(world.transactions
                .inAccount(world.accountId)
                .call(transaction -> transaction.list(
                        "SELECT resource_id FROM flow WHERE account_id = ?",
                        row -> row.id("resource_id"),
                        world.accountId)));
    }

    private long deadlocks() {
        return world.count("SELECT deadlocks AS count FROM pg_stat_database WHERE datname = current_database()");
    }
}
