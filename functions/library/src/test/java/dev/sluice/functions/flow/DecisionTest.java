package dev.sluice.functions.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Reason;
import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.flow.Decision.Denied;
import dev.sluice.functions.flow.Decision.Granted;
import dev.sluice.functions.testing.Session;
import dev.sluice.functions.testing.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class DecisionTest {
    private TestDatabase database;
    private World world;

    @BeforeEach
    void world(TestDatabase database) {
        this.database = database;
        world = new World(database);
    }

    @Test
    void shouldWriteFlowAuditAndOutboxTogether() {
        var granted = (Granted) world.decisions.decide(world.ask());

        assertThat(granted.gatewayId()).isEqualTo(world.gateway.id());
        assertThat(granted.expiresAt()).isEqualTo(world.clientToken.expiresAt());
        assertThat(world.flowCount()).isOne();
        assertThat(world.outbox(world.gateway)).containsExactly("authorize_flow");
        assertThat(world.texts("SELECT action AS v FROM audit_entry WHERE flow_id = ?", granted.flowId()))
                .containsExactly("flow_granted");
    }

    /** Our gateways serve addresses alone, and clients ask for a name every two seconds. */
    @Test
    void shouldNotGrantWhatNoGatewayCanServeNorWriteARowForEachAsk() {
        var name = world.name("app.example.com");
        world.policyFor(name);
        long before = rows();

        assertThat(world.decisions.decide(world.ask(name)))
                .isEqualTo(new Decision.Unserved(Detail.of(Reason.GATEWAY_OFFLINE)));
        assertThat(rows()).isEqualTo(before);

        world.execute("UPDATE gateway SET serves = '{}' WHERE account_id = ?", world.accountId);
        assertThat(world.decisions.decide(world.ask(name)))
                .as("one of ours that serves no type that is known")
                .isInstanceOf(Decision.Unserved.class);

        world.execute("UPDATE gateway SET serves = NULL WHERE account_id = ?", world.accountId);
        assertThat(world.decisions.decide(world.ask(name)))
                .as("a gateway of another make")
                .isInstanceOf(Granted.class);
    }

    private long rows() {
        return world.count("SELECT (SELECT count(*) FROM audit_entry WHERE action LIKE 'flow%')"
                + " + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM flow) AS count");
    }

    @Test
    void shouldTellTheClientOnlyAfterTheGatewayConfirmed() {
        var granted = world.grant();
        assertThat(world.outbox(world.client)).doesNotContain("flow_created");

        assertThat(world.confirm(world.accountId, world.gateway.id(), world.ref(granted.flowId())))
                .isTrue();

        assertThat(world.outbox(world.client)).endsWith("flow_created");
    }

    @Test
    void shouldRefuseARepeatedRef() {
        var granted = world.grant();
        var ref = world.ref(granted.flowId());
        world.confirm(world.accountId, world.gateway.id(), ref);

        assertThat(world.confirm(world.accountId, world.gateway.id(), ref)).isFalse();
    }

    /** A busy gateway's answers are taken together. */
    @Test
    void shouldTakeSeveralAnswersAtOnce() {
        var older = world.ref(world.grant().flowId());
        var newer = world.ref(world.grant().flowId());
        var elsewhere = world.resource("10.9.0.0/16");
        world.policyFor(elsewhere);
        var other = world.ref(((Granted) world.decisions.decide(world.ask(elsewhere))).flowId());

        var answers = world.confirmations.confirm(
                world.accountId, world.gateway.id(), List.of(older, newer, "nonsense", other, other));

        var confirmed = new Confirmation.Confirmed(world.client.id(), List.of());
        assertThat(answers)
                .containsExactly(
                        new Confirmation.Superseded(),
                        confirmed,
                        new Confirmation.Invalid(),
                        confirmed,
                        new Confirmation.Invalid());
        assertThat(world.outbox(world.client)).endsWith("flow_created", "flow_created");
    }

    @Test
    void shouldCountARepeatedDenialInOneEntryOfTheAudit() {
        world.policies.disable(world.accountId, world.policyId);
        for (int i = 0; i < 3; i++) {
            world.decisions.decide(world.ask());
        }
        world.policies.enable(world.accountId, world.policyId);
        world.grant();
        world.policies.disable(world.accountId, world.policyId);
        world.decisions.decide(world.ask());

        assertThat(world.texts(
                        "SELECT reason || ' ' || count || ' ' || (last_at > at)::text AS v FROM audit_entry"
                                + " WHERE account_id = ? AND action = 'flow_denied' AND last_at IS NOT NULL",
                        world.accountId))
                .containsExactly("policy_disabled 3 true");
        assertThat(world.texts(
                        "SELECT reason || ' ' || count AS v FROM audit_entry"
                                + " WHERE account_id = ? AND action = 'flow_denied' AND last_at IS NULL",
                        world.accountId))
                .as("after a grant it is news")
                .containsExactly("policy_disabled 1");
        assertThat(world.outbox(world.client).stream().filter(line -> line.startsWith("flow_failed")))
                .as("each is answered")
                .hasSize(4);
    }

    @Test
    void shouldLeaveOnlyTheAnswerThatStaysLocked() throws Exception {
        var locked = world.grant();
        var elsewhere = world.resource("10.9.0.0/16");
        world.policyFor(elsewhere);
        var other = (Granted) world.decisions.decide(world.ask(elsewhere));
        try (var session = new Session(database)) {
            session.execute("SELECT FROM flow WHERE id = '" + locked.flowId() + "' FOR UPDATE");

            var answers = world.confirmations.confirm(
                    world.accountId,
                    world.gateway.id(),
                    List.of(world.ref(locked.flowId()), world.ref(other.flowId())));

            assertThat(answers)
                    .containsExactly(
                            new Confirmation.Undecided(), new Confirmation.Confirmed(world.client.id(), List.of()));
        }
    }

    @Test
    void shouldRefuseAForeignRef() {
        var granted = world.grant();
        var ref = world.ref(granted.flowId());
        var other = new World(world.transactions);

        assertThat(other.confirm(other.accountId, other.gateway.id(), ref)).isFalse();
        assertThat(world.confirm(world.accountId, UUID.randomUUID(), ref)).isFalse();
        assertThat(world.confirm(world.accountId, world.gateway.id(), "nonsense"))
                .isFalse();
        assertThat(world.outbox(world.client)).doesNotContain("flow_created");
    }

    @Test
    void shouldKeepTheRowAndRaiseTheGenerationOnARepeat() {
        var first = world.authorize();
        world.flows.expire(world.accountId, first.flowId(), Duration.ofMinutes(1));

        var second = world.grant();

        assertThat(second.flowId()).isEqualTo(first.flowId());
        assertThat(second.generation()).isGreaterThan(first.generation());
        assertThat((Instant) world.one(
                        "SELECT expires_at AS v FROM flow WHERE id = ?", row -> row.instant("v"), first.flowId()))
                .isAfter(Instant.now().plus(Duration.ofDays(6)));
        assertThat(world.outbox(world.gateway)).containsExactly("authorize_flow", "expiry_updated", "authorize_flow");
    }

    @Test
    void shouldLeaveOneRowForAHundredParallelAsks() throws Exception {
        try (var executor = Executors.newFixedThreadPool(16)) {
            var asks =
                    java.util.Collections.nCopies(100, (Callable<Decision>) () -> world.decisions.decide(world.ask()));
            for (var decision : executor.invokeAll(asks)) {
                assertThat(decision.get()).isInstanceOf(Granted.class);
            }
        }
        assertThat(world.flowCount()).isOne();
        var generations = world.texts(
                "SELECT generation::text AS v FROM outbox WHERE device_id = ? ORDER BY id", world.gateway.id());
        assertThat(generations).hasSize(100);
        assertThat(generations.stream().map(Long::valueOf).toList()).isSorted();
    }

    @Test
    void shouldSayWhyItDenies() {
        var unreached = world.resource("10.1.0.0/16");
        assertThat(world.decisions.decide(world.ask(unreached))).isEqualTo(denied(Reason.NO_POLICY));
        assertThat(world.decisions.decide(world.ask(UUID.randomUUID()))).isEqualTo(denied(Reason.NO_POLICY));

        world.policyFor(unreached, "client_verified is true", "remote_ip is_in_cidr 10.0.0.0/8");
        assertThat(world.decisions.decide(world.ask(unreached)))
                .isEqualTo(new Denied(new Detail(
                        Reason.CONDITION,
                        List.of("client_verified", "remote_ip"),
                        Map.of("client_verified", "false", "remote_ip", "203.0.113.9"))));

        world.policies.disable(world.accountId, world.policyId);
        assertThat(world.decisions.decide(world.ask())).isEqualTo(denied(Reason.POLICY_DISABLED));

        assertThat(world.texts(
                        "SELECT reason AS v FROM audit_entry WHERE account_id = ? AND action = 'flow_denied'"
                                + " ORDER BY id",
                        world.accountId))
                .containsExactly("no_policy", "no_policy", "condition", "policy_disabled");
        assertThat(world.outbox(world.client))
                .contains("flow_failed no_policy", "flow_failed condition", "flow_failed policy_disabled");
    }

    @Test
    void shouldDenyWithoutAGatewayThatServes() {
        world.execute("DELETE FROM channel WHERE device_id = ?", world.gateway.id());
        assertThat(world.decisions.decide(world.ask())).isEqualTo(denied(Reason.GATEWAY_OFFLINE));

        world.online(world.device(world.gatewayToken, "old", "gateway/1.2.0"));
        assertThat(world.decisions.decide(world.ask())).isEqualTo(denied(Reason.GATEWAY_VERSION));
    }

    @Test
    void shouldNotCountAGatewayWhosePortalDied() {
        world.execute("UPDATE instance SET seen_at = now() - interval '20 seconds' WHERE id = ?", world.instanceId);
        assertThat(world.decisions.decide(world.ask())).isEqualTo(denied(Reason.GATEWAY_OFFLINE));
    }

    @Test
    void shouldPreferAGatewayThatTheClientIsConnectedWith() {
        var second = world.device(world.gatewayToken, "second", "gateway/1.4.17");
        world.online(second);
        for (int i = 0; i < 10; i++) {
            var ask = new Ask(
                    world.accountId,
                    world.client.id(),
                    world.client.credential(),
                    world.resourceId,
                    List.of(second.id()));
            assertThat(((Granted) world.decisions.decide(ask)).gatewayId()).isEqualTo(second.id());
        }
    }

    @Test
    void shouldEndTheFlowOnTheOtherGatewayOnceANewOneConfirms() {
        world.authorize();
        var second = world.device(world.gatewayToken, "second", "gateway/1.4.17");
        world.online(second);
        var moved = (Granted) world.decisions.decide(new Ask(
                world.accountId, world.client.id(), world.client.credential(), world.resourceId, List.of(second.id())));
        assertThat(world.flowCount()).isEqualTo(2);

        world.confirm(world.accountId, second.id(), world.ref(moved.flowId()));

        assertThat(world.flowCount()).isOne();
        assertThat(world.outbox(world.gateway)).endsWith("reject_access superseded");
        assertThat(world.outbox(world.client)).doesNotContain("resource superseded");
    }

    @Test
    void shouldNotReachIntoAnotherAccount() {
        var other = new World(world.transactions);

        assertThat(world.decisions.decide(world.ask(other.resourceId))).isEqualTo(denied(Reason.NO_POLICY));
        assertThat(world.decisions.decide(new Ask(
                        other.accountId, world.client.id(), world.client.credential(), other.resourceId, List.of())))
                .isEqualTo(denied(Reason.CLIENT_DELETED));
        assertThat(world.decisions.decide(new Ask(
                        world.accountId, world.client.id(), other.client.credential(), world.resourceId, List.of())))
                .isEqualTo(denied(Reason.TOKEN_DELETED));
        assertThat(world.flowCount() + other.flowCount()).isZero();
    }

    @Test
    void shouldEvaluateAgainOnARepeat() {
        world.authorize();
        world.execute("UPDATE actor SET disabled_at = now() WHERE id = ?", world.actorId);
        assertThat(world.decisions.decide(world.ask())).isEqualTo(denied(Reason.ACTOR_DISABLED));
        assertThat(world.flowCount()).isZero();
    }

    @Test
    void shouldReachEveryoneWithoutMembership() {
        var open = world.resource("10.2.0.0/16");
        var everyone = world.everyone();
        world.policy(everyone, open);
        assertThat(world.decisions.decide(world.ask(open))).isInstanceOf(Granted.class);

        world.execute("UPDATE actor SET type = 'service_account' WHERE id = ?", world.actorId);
        assertThat(world.flowCount()).isZero();
        assertThat(world.decisions.decide(world.ask(open))).isEqualTo(denied(Reason.NO_POLICY));
    }

    @Test
    void shouldTakeATokenOnlyForWhatItIs() {
        assertThat(world.authenticate(TokenType.CLIENT, world.clientTokenText))
                .isInstanceOf(Authentication.Accepted.class);
        assertThat(world.authenticate(TokenType.GATEWAY, world.clientTokenText))
                .isEqualTo(new Authentication.Refused(Reason.TOKEN_INVALID));
        assertThat(world.authenticate(TokenType.CLIENT, "x" + world.clientTokenText))
                .isEqualTo(new Authentication.Refused(Reason.TOKEN_INVALID));
        world.tokens.delete(world.accountId, world.clientToken.id());
        assertThat(world.authenticate(TokenType.CLIENT, world.clientTokenText))
                .isEqualTo(new Authentication.Refused(Reason.TOKEN_DELETED));
    }

    private static Denied denied(Reason reason) {
        return new Denied(Detail.of(reason));
    }
}
