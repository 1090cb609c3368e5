package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Decoded;
import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.channel.GatewayCodec;
import dev.sluice.channel.GatewayInit;
import dev.sluice.channel.GrantDigest;
import dev.sluice.channel.PortalToGateway;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.testing.Settings;
import dev.sluice.functions.testing.World;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** By what our own devices notice that what they were told is not what holds. */
@ExtendWith(DatabaseExtension.class)
class StreamTruthTest {
    private final TestDatabase database;
    private final Wire toGateway = new Wire();
    private final Wire toClient = new Wire();
    private World world;
    private Portal portal;

    StreamTruthTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void world() {
        world = new World(database);
        portal = new Portal(world.transactions);
        portal.join(world.gateway, toGateway);
        portal.join(world.client, toClient);
    }

    @Test
    void shouldNumberWhatItSaysWithoutAGap() {
        world.authorize();
        portal.deliver();
        world.policies.disable(world.accountId, world.policyId);
        portal.deliver();

        for (var wire : List.of(toGateway, toClient)) {
            var frames = frames(wire).stream()
                    .filter(frame -> !frame.isReply())
                    .map(frame -> extra(frame).sequence())
                    .toList();
            assertThat(frames)
                    .hasSizeGreaterThan(1)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, frames.size()).boxed().toList());
        }
    }

    @Test
    void shouldSayAllOfItAgainAfterWhatWaits() {
        world.grant();
        portal.wake.signalSnapshot(world.gateway.id());
        portal.wake.signalSnapshot(world.client.id());
        portal.deliver();

        assertThat(frames(toGateway)).extracting(Frame::event).endsWith("authorize_flow", Frame.INIT);
        assertThat(((GatewayInit) message(last(toGateway))).authorizations())
                .singleElement()
                .satisfies(
                        authorization -> assertThat(authorization.resourceId()).isEqualTo(world.resourceId));
        assertThat(last(toClient).event()).isEqualTo(Frame.INIT);

        portal.deliver();
        assertThat(frames(toGateway).stream().filter(frame -> frame.event().equals(Frame.INIT)))
                .hasSize(2);
    }

    /** What a client is offered by a snapshot, it is not offered again by the next look, and what it lost is taken back. */
    @Test
    void shouldTakeASnapshotForAllThatTheClientWasTold() {
        portal.wake.signalSnapshot(world.client.id());
        portal.deliver();
        int said = toClient.texts().size();

        portal.deliver(
                System.nanoTime() + Settings.STREAM.lookEvery().multipliedBy(2).toNanos());

        assertThat(toClient.texts()).hasSize(said);
    }

    @Test
    void shouldSumUpWhatTheGatewayShouldHaveBeenTold() {
        var granted = world.authorize();
        aMinuteLater();

        var expires = world.one(
                "SELECT expires_at FROM flow WHERE id = ?", row -> row.instant("expires_at"), granted.flowId());
        var digest = (GrantDigest) message(last(toGateway));
        var sum = new GrantDigest.Sum(digest.after());
        sum.add(world.client.id(), world.resourceId, expires);
        assertThat(digest).isEqualTo(sum.digest());
        assertThat(digest.count()).isEqualTo(1);
    }

    /** Somebody who stands above the triggers ends a flow, and nobody is told. */
    @Test
    void shouldSumUpWhatHoldsAndNotWhatWasSaid() {
        var granted = world.authorize();
        portal.deliver();
        database.execute("ALTER TABLE flow DISABLE TRIGGER USER");
        database.execute("DELETE FROM flow WHERE id = '" + granted.flowId() + "'");
        database.execute("ALTER TABLE flow ENABLE TRIGGER USER");
        aMinuteLater();

        assertThat(((GrantDigest) message(last(toGateway))).count()).isZero();
    }

    @Test
    void shouldNotSumUpWhatAHeldStreamKeepsBack() {
        database.execute("INSERT INTO stream_hold (device_id, account_id) VALUES ('" + world.gateway.id() + "', '"
                + world.accountId + "')");
        world.grant();
        int said = toGateway.texts().size();
        aMinuteLater();

        assertThat(toGateway.texts()).hasSize(said);
    }

    @Test
    void shouldSumUpNothingForPeersThatDoNotKnowIt() {
        var foreign = world.device(world.gatewayToken, "foreign", "gateway/1.4.17", false);
        var wire = new Wire();
        portal.join(foreign, wire);
        int said = wire.texts().size();
        aMinuteLater();

        assertThat(wire.texts()).hasSize(said).noneMatch(text -> text.contains("\"sluice\""));
    }

    @Test
    void shouldRaiseTheEpochWhenTheServersHistoryIsAnotherOne() {
        assertThat(world.texts("SELECT server_history() AS v"))
                .as("as the application sees it")
                .singleElement()
                .asString()
                .matches("[0-9]+/[0-9A-F]{8}");
        long before = epoch();
        portal.instance.beat();
        assertThat(epoch()).as("the same server").isEqualTo(before);

        database.execute("UPDATE portal_epoch SET history = 'another cluster'");
        portal.instance.beat();

        assertThat(epoch()).isGreaterThan(before);
        long raised = epoch();
        portal.instance.beat();
        assertThat(epoch()).as("once").isEqualTo(raised);
    }

    /** Of what is said now. */
    private long epoch() {
        return Objects.requireNonNull(
                portal.instance.stamp(SluiceExtra.EMPTY, 1).epoch());
    }

    private void aMinuteLater() {
        portal.deliver(System.nanoTime()
                + Settings.STREAM.digestEvery().multipliedBy(2).toNanos());
    }

    private static List<Frame> frames(Wire wire) {
        return wire.texts().stream()
                .map(text -> FrameCodec.decode(text).orElseThrow())
                .toList();
    }

    private static Frame last(Wire wire) {
        return frames(wire).getLast();
    }

    private static SluiceExtra extra(Frame frame) {
        return Objects.requireNonNull(frame.sluice(), frame.event());
    }

    private static PortalToGateway message(Frame frame) {
        return ((Decoded.Message<PortalToGateway>) GatewayCodec.decodePush(frame)).value();
    }
}
