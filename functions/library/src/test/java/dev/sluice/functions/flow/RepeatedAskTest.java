package dev.sluice.functions.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Reason;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.flow.Decision.Denied;
import dev.sluice.functions.flow.Decision.Granted;
import dev.sluice.functions.revocation.TimedRevocation;
import dev.sluice.functions.testing.Session;
import dev.sluice.functions.testing.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client asks again for what it has, or has asked for already. */
@ExtendWith(DatabaseExtension.class)
class RepeatedAskTest {
    private TestDatabase database;
    private World world;

    @BeforeEach
    void world(TestDatabase database) {
        this.database = database;
        world = new World(database);
    }

    @Test
    void shouldDrawItsGenerationAfterARevocationThatItWaitedFor() throws Exception {
        var first = world.authorize();
        try (var other = new Session(database)) {
            other.execute("SELECT FROM flow WHERE id = '" + first.flowId() + "' FOR UPDATE");
            var asked = other.start(1, () -> (Granted) world.decisions.decide(world.ask()));
            other.execute("SELECT end_flows('superseded', ARRAY['" + first.flowId() + "'::uuid])");
            other.commit();

            assertThat(Session.result(asked).generation()).isGreaterThan(rejected());
        }
    }

    @Test
    void shouldEndWhatTheClientHadWhenItIsRefused() {
        var conditioned = world.resource("10.3.0.0/16");
        world.policyFor(conditioned, "remote_ip is_in_cidr 203.0.113.0/24");
        assertThat(world.decisions.decide(world.ask(conditioned))).isInstanceOf(Granted.class);
        world.execute("UPDATE client SET last_seen_remote_ip = '198.51.100.1' WHERE id = ?", world.client.id());

        assertThat(world.decisions.decide(world.ask(conditioned)))
                .isEqualTo(new Denied(
                        new Detail(Reason.CONDITION, List.of("remote_ip"), Map.of("remote_ip", "198.51.100.1")), true));

        assertThat(world.flowCount()).isZero();
        assertThat(world.outbox(world.gateway)).endsWith("reject_access condition");
        assertThat(world.outbox(world.client)).endsWith("flow_failed condition", "resource condition");
    }

    /** A gateway answers every ask, also those that a newer one has replaced before its answer came. */
    @Test
    void shouldTakeTheAnswerToAnOlderAskAndChangeNothing() {
        var refs = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            var granted = world.grant();
            refs.add(world.ref(granted.flowId()));
        }
        var other = new World(world.transactions);

        for (var earlier : refs.subList(0, 4)) {
            assertThat(confirm(earlier)).isTrue();
        }
        assertThat(world.texts("SELECT state AS v FROM flow WHERE account_id = ?", world.accountId))
                .containsExactly("pending");
        assertThat(world.outbox(world.client)).doesNotContain("flow_created");
        assertThat(other.confirm(other.accountId, other.gateway.id(), refs.getFirst()))
                .as("another gateway's")
                .isFalse();

        assertThat(confirm(refs.getLast())).isTrue();
        assertThat(world.outbox(world.client)).endsWith("flow_created");
        world.execute("DELETE FROM flow WHERE account_id = ?", world.accountId);
        assertThat(confirm(refs.getFirst())).as("of a flow that has ended").isFalse();
    }

    private boolean confirm(String ref) {
        return world.confirm(world.accountId, world.gateway.id(), ref);
    }

    @Test
    void shouldLeaveFlowsToOtherResourcesAlone() {
        world.authorize();
        var unreached = world.resource("10.4.0.0/16");
        assertThat(world.decisions.decide(world.ask(unreached))).isInstanceOf(Denied.class);
        assertThat(world.flowCount()).isOne();
    }

    @Test
    void shouldAnswerNotFoundForAResourceThatStandsNowhere() {
        world.execute("DELETE FROM resource_site WHERE resource_id = ?", world.resourceId);
        assertThat(world.decisions.decide(world.ask())).isEqualTo(new Denied(Detail.of(Reason.SITE_REMOVED)));
    }

    @Test
    void shouldStayWithTheGatewayThatServesAlready() {
        world.authorize();
        secondGateway();
        for (int i = 0; i < 10; i++) {
            var asked = world.grant();
            assertThat(asked.gatewayId()).isEqualTo(world.gateway.id());
            world.confirm(world.accountId, world.gateway.id(), world.ref(asked.flowId()));
        }
    }

    @Test
    void shouldStayWithTheGatewayThatServesAlreadyWhenANearerOneDoesNotAnswer() {
        world.authorize();
        var nearer = secondGateway();
        world.execute(
                "UPDATE client SET last_seen_latitude = 52, last_seen_longitude = 13 WHERE id = ?", world.client.id());
        world.execute("UPDATE gateway SET last_seen_latitude = 52, last_seen_longitude = 13 WHERE id = ?", nearer.id());
        assertThat(ask(nearer.id()).gatewayId()).isEqualTo(nearer.id());

        assertThat(world.grant().gatewayId()).isEqualTo(world.gateway.id());
    }

    @Test
    void shouldRefuseAnOlderConfirmationOnceTheClientHasAskedElsewhere() {
        var older = ask(world.gateway.id());
        var second = secondGateway();
        var newer = ask(second.id());

        assertThat(world.confirm(world.accountId, world.gateway.id(), world.ref(older.flowId())))
                .isFalse();
        assertThat(world.outbox(world.gateway)).endsWith("reject_access superseded");
        assertThat(world.outbox(world.client)).doesNotContain("flow_created");

        assertThat(world.confirm(world.accountId, second.id(), world.ref(newer.flowId())))
                .isTrue();
        assertThat(world.flowCount()).isOne();
        assertThat(world.outbox(world.client)).endsWith("flow_created");
    }

    @Test
    void shouldKeepAConfirmedGrantWhoseGatewayDoesNotAnswerARepeat() {
        var sweeper = new TimedRevocation(world.transactions);
        var confirmed = world.authorize();
        var repeat = world.grant();
        var ref = world.ref(repeat.flowId());
        var before = List.of(world.outbox(world.gateway), world.outbox(world.client));
        world.endDeadlines();

        assertThat(sweeper.sweepPending()).isZero();

        assertThat(state(confirmed.flowId())).isEqualTo("authorized");
        assertThat(List.of(world.outbox(world.gateway), world.outbox(world.client)))
                .isEqualTo(before);
        assertThat(world.confirm(world.accountId, world.gateway.id(), ref)).isFalse();
    }

    @Test
    void shouldKeepItOverSeveralRepeats() {
        var sweeper = new TimedRevocation(world.transactions);
        var confirmed = world.authorize();
        world.grant();
        world.grant();
        world.endDeadlines();
        assertThat(sweeper.sweepPending()).isZero();
        world.grant();
        world.endDeadlines();
        assertThat(sweeper.sweepPending()).isZero();
        assertThat(state(confirmed.flowId())).isEqualTo("authorized");
    }

    /** A gateway that has started anew holds nothing. */
    @Test
    void shouldEndAConfirmedGrantWhoseGatewayHasAnotherKey() {
        var sweeper = new TimedRevocation(world.transactions);
        world.authorize();
        world.device(world.gatewayToken, "gateway", "gateway/1.4.17");
        world.grant();
        world.endDeadlines();

        assertThat(sweeper.sweepPending()).isOne();
        assertThat(world.outbox(world.client)).endsWith("flow_failed gateway_offline");
    }

    @Test
    void shouldKeepWhatTheOldGatewayHoldsWhenTheNewOneIsSilent() {
        var sweeper = new TimedRevocation(world.transactions);
        var held = world.authorize();
        var repeat = ask(world.gateway.id());
        ask(secondGateway().id());
        assertThat(world.confirm(world.accountId, world.gateway.id(), world.ref(repeat.flowId())))
                .isFalse();
        assertThat(world.flowCount()).isEqualTo(2);
        world.endDeadlines();

        assertThat(sweeper.sweepPending()).isOne();
        assertThat(state(held.flowId())).isEqualTo("authorized");
    }

    private Granted ask(UUID connected) {
        return (Granted) world.decisions.decide(new Ask(
                world.accountId, world.client.id(), world.client.credential(), world.resourceId, List.of(connected)));
    }

    private Device secondGateway() {
        var second = world.device(world.gatewayToken, "second", "gateway/1.4.17");
        world.online(second);
        return second;
    }

    private String state(UUID flowId) {
        return world.one("SELECT state AS v FROM flow WHERE id = ?", row -> row.text("v"), flowId);
    }

    private long rejected() {
        return world.one(
                "SELECT generation FROM outbox WHERE device_id = ? AND kind = 'reject_access'",
                row -> row.number("generation"),
                world.gateway.id());
    }

    /** What the token was given for, and neither a provider that came later nor one that was named otherwise. */
    @Test
    void shouldHoldAPolicyAgainstTheProviderByWhichSomebodySignedIn() {
        var provider = world.one(
                "SELECT id FROM identity_provider WHERE account_id = ?", row -> row.id("id"), world.accountId);
        var conditioned = world.resource("10.3.0.0/16");
        world.policyFor(conditioned, "provider_id is_in " + provider);
        assertThat(world.decisions.decide(world.ask(conditioned))).isInstanceOf(Denied.class);

        world.execute(
                "UPDATE token SET provider_id = ? WHERE account_id = ? AND id = ?",
                provider,
                world.accountId,
                world.clientToken.id());

        assertThat(world.decisions.decide(world.ask(conditioned))).isInstanceOf(Granted.class);
        var other = world.resource("10.4.0.0/16");
        world.policyFor(other, "provider_id is_not_in " + provider);
        assertThat(world.decisions.decide(world.ask(other))).isInstanceOf(Denied.class);
    }
}
