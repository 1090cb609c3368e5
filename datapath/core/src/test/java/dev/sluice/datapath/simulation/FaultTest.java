package dev.sluice.datapath.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Processes die, paths break, and access comes back within a bound. */
class FaultTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration ON_ITS_WAY = Duration.ofMillis(100);
    private static final String HOST = "172.20.0.100";

    private final World world = new World(3);
    private final SimulatedGateway gateway = world.gateway("gateway");
    private final SimulatedClient client = world.client("client");

    @Test
    void shouldCarryPacketsWithoutThePortalAcrossRekeys() {
        Heartbeats heartbeats = running();
        long refused = heartbeats.refused();

        world.portal().stop();
        world.run(Duration.ofMinutes(7));

        assertThat(heartbeats.refused()).isEqualTo(refused);
        assertThat(heartbeats.answered()).isGreaterThanOrEqualTo(heartbeats.sent() - 2);

        world.portal().start();
        world.run(Duration.ofMinutes(2));
        assertThat(client.isUp()).isTrue();
        assertThat(heartbeats.answered()).isGreaterThanOrEqualTo(heartbeats.sent() - 2);
    }

    @Test
    void shouldServeNobodyOnceThePortalHasBeenAwayForTooLong() {
        Heartbeats heartbeats = running();

        world.portal().stop();
        world.run(SimulatedGateway.MAX_PARTITION.minusSeconds(1));
        assertThat(heartbeats.answered()).isGreaterThanOrEqualTo(heartbeats.sent() - 2);
        world.run(Duration.ofSeconds(2));
        long endedAt = world.now();
        world.run(Duration.ofMinutes(5));
        assertThat(heartbeats.lastAnswerAt()).isLessThan(endedAt);
        assertThat(gateway.status().partitions()).isEqualTo(1);

        world.portal().start();
        long backAt = world.now();

        world.until("the first answer", Duration.ofMinutes(1), () -> answeredSince(heartbeats, backAt));
    }

    @Test
    void shouldLoseNothingWhenThePortalRestarts() {
        Heartbeats heartbeats = running();

        for (int i = 0; i < 5; i++) {
            world.portal().stop();
            world.run(SECOND);
            world.portal().start();
            world.run(Duration.ofSeconds(10));
        }

        assertThat(heartbeats.answered()).isGreaterThanOrEqualTo(heartbeats.sent() - 2);
        assertThat(client.asks()).isEqualTo(1);
    }

    @Test
    void shouldFollowAGatewayThatRestartsInOrder() {
        Heartbeats heartbeats = running();

        gateway.stop();
        world.run(SECOND);
        gateway.start();
        long restartedAt = world.now();

        world.until("the first answer", Duration.ofSeconds(3), () -> answeredSince(heartbeats, restartedAt));
    }

    @Test
    void shouldFollowAGatewayThatWasKilled() {
        Heartbeats heartbeats = running();

        gateway.kill();
        gateway.start();
        long restartedAt = world.now();

        world.until("the first answer", Duration.ofSeconds(25), () -> answeredSince(heartbeats, restartedAt));
    }

    @Test
    void shouldGoOnDownloadingWhenTheGatewayRestarts() {
        world.resource("172.20.0.0/16");
        world.settle();
        Download download = client.download(HOST, 400);
        world.run(SECOND);

        gateway.stop();
        gateway.start();

        world.until("the whole download", Duration.ofSeconds(60), download::isDone);
        assertThat(download.longestPause()).isLessThan(Duration.ofSeconds(6));
    }

    /** An application that only receives does not ask again by itself. */
    @Test
    void shouldGoOnDownloadingWhenTheGatewayWasLostWhileThePortalWasAway() {
        Download download = downloading();

        world.portal().stop();
        gateway.kill();
        world.run(Duration.ofMinutes(1));
        gateway.start();
        world.portal().start();

        world.until("the whole download", Duration.ofSeconds(60), download::isDone);
    }

    @Test
    void shouldGoOnDownloadingWhenTheGatewayIsBackAfterItWasSaidToBeOffline() {
        Download download = downloading();

        gateway.kill();
        world.run(Duration.ofMinutes(1));
        assertThat(download.isDone()).isFalse();
        gateway.start();

        world.until("the whole download", Duration.ofMinutes(3), download::isDone);
    }

    @Test
    void shouldGoOnDownloadingWhenTheGatewayFlaps() {
        Download download = downloading();

        for (int i = 0; i < 4; i++) {
            gateway.stop();
            gateway.start();
            world.run(Duration.ofMillis(1_500));
        }

        world.until("the whole download", Duration.ofMinutes(3), download::isDone);
    }

    @Test
    void shouldNotAskForeverForWhatNobodyServes() {
        downloading();
        gateway.kill();
        world.run(Duration.ofMinutes(15));
        long asks = client.asks();

        world.run(Duration.ofMinutes(60));

        assertThat(client.asks()).isEqualTo(asks);
    }

    @Test
    void shouldGoOnAfterTheClientRestarts() {
        running();
        client.kill();
        client.start();
        long restartedAt = world.now();
        Heartbeats anew = client.heartbeats(HOST);

        world.until("the first answer", Duration.ofSeconds(3), () -> answeredSince(anew, restartedAt));
    }

    @Test
    void shouldMoveToAnotherGateway() {
        Heartbeats heartbeats = running();
        SimulatedGateway other = world.gateway("other");
        world.settle();

        gateway.kill();
        long killedAt = world.now();

        world.until("the first answer", Duration.ofSeconds(25), () -> answeredSince(heartbeats, killedAt));
        assertThat(other.status().clients()).hasSize(1);
    }

    @Test
    void shouldRoam() {
        Heartbeats heartbeats = running();

        client.roam("198.51.100.77");
        long roamedAt = world.now();

        world.until("the first answer", Duration.ofSeconds(20), () -> answeredSince(heartbeats, roamedAt));
    }

    @Test
    void shouldRoamAwayFromAGatewayThatStaysOnItsPaths() {
        gateway.stayOnPaths();
        Heartbeats heartbeats = running();

        client.roam("198.51.100.77");
        long roamedAt = world.now();

        world.until("the first answer", Duration.ofSeconds(5), () -> answeredSince(heartbeats, roamedAt));
    }

    @Test
    void shouldMoveAGatewayAwayFromAClientThatStaysOnItsPaths() {
        client.stayOnPaths();
        Heartbeats heartbeats = running();

        gateway.roam("198.51.100.78");
        long roamedAt = world.now();

        world.until("the first answer", Duration.ofSeconds(5), () -> answeredSince(heartbeats, roamedAt));
    }

    @Test
    void shouldComeBackAfterALongPartition() {
        Heartbeats heartbeats = running();

        world.network().link(client.name(), Link.CUT);
        world.portal().cut(client.id(), true);
        world.run(Duration.ofMinutes(5));
        world.network().link(client.name(), Link.GOOD);
        world.portal().cut(client.id(), false);
        long healedAt = world.now();

        world.until("the first answer", Duration.ofSeconds(90), () -> answeredSince(heartbeats, healedAt));
    }

    @Test
    void shouldDownloadOverALossyNetwork() {
        world.resource("172.20.0.0/16");
        world.network().link(client.name(), Link.LOSSY);
        world.settle();

        Download download = client.download(HOST, 300);

        world.until("the whole download", Duration.ofMinutes(3), download::isDone);
    }

    private Download downloading() {
        world.resource("172.20.0.0/16");
        world.settle();
        Download download = client.download(HOST, 400);
        world.run(SECOND);
        return download;
    }

    /** Not counting what was on its way. */
    private static boolean answeredSince(Heartbeats heartbeats, long time) {
        return heartbeats.lastAnswerAt() > time + ON_ITS_WAY.toNanos();
    }

    private Heartbeats running() {
        world.resource("172.20.0.0/16");
        world.settle();
        Heartbeats heartbeats = client.heartbeats(HOST);
        world.run(Duration.ofSeconds(2));
        assertThat(heartbeats.answered()).isPositive();
        return heartbeats;
    }
}
