package dev.sluice.datapath.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Filter;
import dev.sluice.channel.Resource;
import dev.sluice.datapath.client.ClientFeatures;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Client and gateway disagree about access, and an ICMP error brings them together again. */
class ReauthorizationTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String HOST = "172.20.0.100";

    private final World world = new World(2);
    private final SimulatedGateway gateway = world.gateway("gateway");

    @ParameterizedTest
    @CsvSource({
        "172.20.0.0/16, 172.20.0.100, 172.21.0.0/16, 172.21.0.1",
        "172:20::/64, 172:20::100, 172:21::/64, 172:21::1"
    })
    void shouldAskAgainWhenTheGatewayRefuses(String network, String host, String otherNetwork, String otherHost) {
        SimulatedClient client = world.client("client");
        Resource.Cidr rejected = world.resource(network);
        world.resource(otherNetwork);
        world.settle();
        Heartbeats other = client.heartbeats(otherHost);
        assertThat(ended(client.fetch(host))).isEqualTo(Fetch.Result.ANSWERED);

        world.portal().rejectOnly(client.id(), rejected.id());
        world.run(Duration.ofMillis(50));

        assertThat(ended(client.fetch(host))).isEqualTo(Fetch.Result.PROHIBITED);
        assertThat(ended(client.fetch(host))).isEqualTo(Fetch.Result.ANSWERED);
        assertThat(other.answered()).isGreaterThanOrEqualTo(other.sent() - 1);
        assertThat(client.status().reauthorizations()).isEqualTo(1);
    }

    @Test
    void shouldHealADownloadThatOnlyReceives() {
        SimulatedClient client = world.client("client");
        Resource.Cidr rejected = world.resource("172.20.0.0/16");
        world.resource("172.21.0.0/16");
        world.settle();
        client.heartbeats("172.21.0.1");
        Download download = client.download(HOST, 500);
        world.run(SECOND);

        world.portal().rejectOnly(client.id(), rejected.id());
        world.until("the whole download", Duration.ofSeconds(60), download::isDone);

        assertThat(download.longestPause()).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void shouldHealADownloadWhoseOnlyGrantIsLost() {
        SimulatedClient client = world.client("client");
        Resource.Cidr rejected = world.resource("172.20.0.0/16");
        world.settle();
        Download download = client.download(HOST, 500);

        for (int i = 0; i < 3; i++) {
            world.run(Duration.ofSeconds(3));
            world.portal().rejectOnly(client.id(), rejected.id());
        }
        world.until("the whole download", Duration.ofSeconds(60), download::isDone);

        assertThat(download.longestPause()).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void shouldStayRefusedWithoutTheFeature() {
        SimulatedClient client = world.client("client", new ClientFeatures(false));
        Resource.Cidr rejected = world.resource("172.20.0.0/16");
        world.resource("172.21.0.0/16");
        world.settle();
        client.heartbeats("172.21.0.1");
        assertThat(ended(client.fetch(HOST))).isEqualTo(Fetch.Result.ANSWERED);

        world.portal().rejectOnly(client.id(), rejected.id());
        world.run(Duration.ofMillis(50));

        assertThat(ended(client.fetch(HOST))).isEqualTo(Fetch.Result.PROHIBITED);
        world.run(Duration.ofSeconds(5));
        assertThat(ended(client.fetch(HOST))).isEqualTo(Fetch.Result.PROHIBITED);
    }

    @ParameterizedTest
    @CsvSource({"50", "250", "1000", "1900", "2100", "3000", "5000"})
    void shouldNotStormWhenAHostBeyondRefuses(long pauseMillis) {
        SimulatedClient client = world.client("client");
        world.resource("172.20.0.0/16");
        world.settle();
        assertThat(ended(client.fetch(HOST))).isEqualTo(Fetch.Result.ANSWERED);
        long before = client.asks();

        long end = world.now() + Duration.ofSeconds(30).toNanos();
        while (world.now() < end) {
            assertThat(ended(client.fetch(HOST, ResourceHost.PROHIBITED))).isEqualTo(Fetch.Result.PROHIBITED);
            world.run(Duration.ofMillis(pauseMillis));
        }

        assertThat(client.asks() - before).isBetween(1L, 3L);
    }

    /** As Linux does for a prohibiting route. */
    @Test
    void shouldNotStormWhenAHostBeyondBoundsItsErrors() {
        SimulatedClient client = world.client("client");
        world.resource("172.20.0.0/16");
        world.settle();
        world.host(HOST).errorEvery(Duration.ofSeconds(3));
        assertThat(ended(client.fetch(HOST))).isEqualTo(Fetch.Result.ANSWERED);
        long before = client.asks();

        long end = world.now() + Duration.ofSeconds(30).toNanos();
        while (world.now() < end) {
            client.fetch(HOST, ResourceHost.PROHIBITED);
            world.run(Duration.ofMillis(1250));
        }

        assertThat(client.asks() - before).isBetween(1L, 3L);
    }

    @Test
    void shouldNotStormWhenAnotherPortOfTheResourceWorks() {
        SimulatedClient client = world.client("client");
        world.resource("172.20.0.0/16");
        world.settle();
        Heartbeats working = client.heartbeats(HOST);
        world.run(SECOND);
        long before = client.asks();

        long end = world.now() + Duration.ofSeconds(30).toNanos();
        while (world.now() < end) {
            assertThat(ended(client.fetch(HOST, ResourceHost.PROHIBITED))).isEqualTo(Fetch.Result.PROHIBITED);
            world.run(Duration.ofSeconds(3));
        }

        assertThat(client.asks() - before).isBetween(1L, 3L);
        assertThat(working.refused()).isZero();
        assertThat(working.answered()).isGreaterThanOrEqualTo(working.sent() - 1);
    }

    @Test
    void shouldNotStormWhenOnlyTheGatewayKnowsTheFilter() {
        SimulatedClient client = world.client("client");
        Resource.Cidr network = world.resource("172.20.0.0/16");
        world.settle();
        assertThat(ended(client.fetch(HOST))).isEqualTo(Fetch.Result.ANSWERED);
        world.portal().hold(client.id());
        world.portal().setFilters(network.id(), List.of(Filter.ports(Filter.Protocol.TCP, 80, 80)));
        world.portal().forgetHeld(client.id());
        world.portal().release(client.id());
        world.run(Duration.ofMillis(50));
        long before = client.asks();

        long end = world.now() + Duration.ofSeconds(30).toNanos();
        while (world.now() < end) {
            assertThat(ended(client.fetch(HOST, 443))).isEqualTo(Fetch.Result.PROHIBITED);
            world.run(Duration.ofMillis(300));
        }

        assertThat(client.asks() - before).isBetween(1L, 3L);
        assertThat(ended(client.fetch(HOST))).isEqualTo(Fetch.Result.ANSWERED);
    }

    @Test
    void shouldHealEveryTimeAGrantIsLost() {
        SimulatedClient client = world.client("client");
        Resource.Cidr network = world.resource("172.20.0.0/16");
        world.resource("172.21.0.0/16");
        world.settle();
        client.heartbeats("172.21.0.1");
        Heartbeats heartbeats = client.heartbeats(HOST);
        world.run(SECOND);

        for (int i = 0; i < 10; i++) {
            world.portal().rejectOnly(client.id(), network.id());
            long rejectedAt = world.now();
            world.run(Duration.ofMillis(20));
            world.until(
                    "access is back", Duration.ofSeconds(1), () -> heartbeats.lastAnswerAt() > rejectedAt + 20_000_000);
            world.run(Duration.ofSeconds(5));
        }

        assertThat(gateway.status().clients()).hasSize(1);
    }

    @Test
    void shouldCarryOnWhenNobodyCanDecideAboutARefusalFromBeyond() {
        SimulatedClient client = world.client("client");
        world.resource("172.20.0.0/16");
        world.settle();
        Heartbeats working = client.heartbeats(HOST);
        world.run(SECOND);

        world.portal().cut(gateway.id(), true);
        for (int i = 0; i < 20; i++) {
            assertThat(ended(client.fetch(HOST, ResourceHost.PROHIBITED))).isEqualTo(Fetch.Result.PROHIBITED);
            world.run(SECOND);
        }
        world.portal().cut(gateway.id(), false);
        world.run(SECOND);

        assertThat(working.refused()).isZero();
        assertThat(working.answered()).isGreaterThanOrEqualTo(working.sent() - 1);
    }

    private Fetch.Result ended(Fetch fetch) {
        world.until("the end of a request", Duration.ofSeconds(30), fetch::isDone);
        return fetch.result();
    }
}
