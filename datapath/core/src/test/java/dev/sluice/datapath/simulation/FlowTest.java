package dev.sluice.datapath.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Filter;
import dev.sluice.channel.Reason;
import dev.sluice.channel.Resource;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.Packets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The ordinary life of access: opened by a packet, refused with a reason, ended in time. */
class FlowTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String HOST = "172.20.0.100";
    private static final String HOST_6 = "172:20::100";

    private final World world = new World(1);
    private final SimulatedGateway gateway = world.gateway("gateway");
    private final SimulatedClient client = world.client("client");
    private final Resource.Cidr network = world.resource("172.20.0.0/16");

    @Test
    void shouldOpenAFlowWithTheFirstPacket() {
        world.settle();

        Fetch fetch = client.fetch(HOST);
        Duration took = world.until("the answer", SECOND, fetch::isDone);

        assertThat(fetch.result()).isEqualTo(Fetch.Result.ANSWERED);
        assertThat(took).isLessThan(Duration.ofMillis(150));
        assertThat(client.asks()).isEqualTo(1);
    }

    @Test
    void shouldOpenAFlowOverIpv6() {
        world.resource("172:20::/64");
        world.settle();

        assertThat(ended(client.fetch(HOST_6))).isEqualTo(Fetch.Result.ANSWERED);
    }

    @Test
    void shouldRouteResourcesAndTunnelAddresses() {
        world.settle();

        assertThat(client.tunnel().routes())
                .containsExactly(
                        IpPrefix.parse("172.20.0.0/16"),
                        IpPrefix.parse("100.64.0.0/11"),
                        IpPrefix.parse("fd00:2021:1111::/107"));
    }

    @Test
    void shouldUseOneConnectionForResourcesOfOneGateway() {
        world.resource("172.21.0.0/16");
        world.settle();

        assertThat(ended(client.fetch(HOST))).isEqualTo(Fetch.Result.ANSWERED);
        assertThat(ended(client.fetch("172.21.0.1"))).isEqualTo(Fetch.Result.ANSWERED);

        assertThat(client.status().connections()).hasSize(1);
    }

    @Test
    void shouldAnswerADenialWithItsReason() {
        world.settle();
        world.portal().hold(client.id());
        world.portal().revoke(client.id(), network.id(), Reason.POLICY_DISABLED);
        Fetch fetch = client.fetch(HOST);
        world.run(Duration.ofMillis(100));
        world.portal().release(client.id());
        world.until("the refusal", SECOND, fetch::isDone);

        assertThat(fetch.result()).isEqualTo(Fetch.Result.PROHIBITED);
        assertThat(client.status().lastDenial().detail().reason()).isEqualTo(Reason.POLICY_DISABLED);
    }

    @Test
    void shouldAnswerAnAskThatThePortalRefuses() {
        world.settle();
        world.portal().hold(client.id());
        world.portal().revoke(client.id(), network.id(), Reason.POLICY_DISABLED);
        world.portal().forgetHeld(client.id());
        world.portal().release(client.id());

        Fetch fetch = client.fetch(HOST);
        world.until("the refusal", SECOND, fetch::isDone);

        assertThat(fetch.result()).isEqualTo(Fetch.Result.PROHIBITED);
        assertThat(client.status().lastDenial().detail().reason()).isEqualTo(Reason.NO_POLICY);
    }

    @Test
    void shouldAskForADeniedResourceEveryTwoSecondsAtMost() {
        world.settle();
        world.portal().hold(client.id());
        world.portal().revoke(client.id(), network.id(), Reason.POLICY_DISABLED);
        world.portal().forgetHeld(client.id());
        world.portal().release(client.id());

        Heartbeats heartbeats = client.heartbeats(HOST);
        world.run(Duration.ofSeconds(20));

        assertThat(client.asks()).isBetween(9L, 11L);
        assertThat(heartbeats.refused()).isGreaterThanOrEqualTo(heartbeats.sent() - 1);
    }

    @Test
    void shouldSayUnreachableWhenNoGatewayIsThere() {
        world.settle();
        gateway.stop();
        world.run(SECOND);

        assertThat(ended(client.fetch(HOST))).isEqualTo(Fetch.Result.UNREACHABLE);
        assertThat(client.status().lastDenial().detail().reason()).isEqualTo(Reason.GATEWAY_OFFLINE);
    }

    @Test
    void shouldSayUnreachableWhenThePortalIsSilent() {
        world.settle();
        world.portal().hold(client.id());

        Fetch fetch = client.fetch(HOST);
        Duration took = world.until("the refusal", Duration.ofSeconds(6), fetch::isDone);

        assertThat(fetch.result()).isEqualTo(Fetch.Result.UNREACHABLE);
        assertThat(took).isBetween(Duration.ofMillis(4900), Duration.ofMillis(5100));
    }

    @Test
    void shouldNotAskForWhatTheFiltersLeaveOut() {
        Resource.Cidr filtered = world.resource("172.30.0.0/16", Filter.ports(Filter.Protocol.TCP, 80, 90));
        world.settle();

        assertThat(ended(client.fetch("172.30.0.1", 443))).isEqualTo(Fetch.Result.PROHIBITED);
        assertThat(client.asks()).isZero();
        assertThat(client.status().lastDenial().resourceId()).isEqualTo(filtered.id());
        assertThat(client.status().lastDenial().detail().reason()).isEqualTo(Reason.FILTERED);

        assertThat(ended(client.fetch("172.30.0.1", 80))).isEqualTo(Fetch.Result.ANSWERED);
    }

    @Test
    void shouldPreferTheResourceThatPermits() {
        world.resource("172.30.0.0/16");
        world.resource("172.30.0.1/32", Filter.ports(Filter.Protocol.TCP, 22, 22));
        world.settle();

        assertThat(ended(client.fetch("172.30.0.1", 80))).isEqualTo(Fetch.Result.ANSWERED);
    }

    @Test
    void shouldStopADownloadWhenAccessEnds() {
        world.settle();
        Download download = client.download(HOST, 100_000);
        world.run(SECOND);
        world.portal().revoke(client.id(), network.id(), Reason.POLICY_DISABLED);
        world.run(Duration.ofMillis(100));
        int received = download.received();
        world.run(Duration.ofSeconds(10));

        assertThat(received).isPositive();
        assertThat(download.received()).isEqualTo(received);
        assertThat(client.tunnel().routes()).doesNotContain(IpPrefix.parse("172.20.0.0/16"));
        assertThat(client.status().lastDenial().detail().reason()).isEqualTo(Reason.POLICY_DISABLED);
    }

    @Test
    void shouldRefuseAClientThatDoesNotKnowYet() {
        Resource.Cidr other = world.resource("172.21.0.0/16");
        world.settle();
        Heartbeats kept = client.heartbeats("172.21.0.1");
        assertThat(ended(client.fetch(HOST))).isEqualTo(Fetch.Result.ANSWERED);
        world.portal().hold(client.id());
        world.portal().revoke(client.id(), network.id(), Reason.POLICY_DISABLED);
        world.run(Duration.ofMillis(100));

        assertThat(ended(client.fetch(HOST))).isEqualTo(Fetch.Result.PROHIBITED);

        world.portal().release(client.id());
        world.run(SECOND);
        assertThat(client.status().resources()).extracting("id").containsExactly(other.id());
        assertThat(client.tunnel().routes()).doesNotContain(IpPrefix.parse("172.20.0.0/16"));
        assertThat(kept.refused()).isZero();
        assertThat(kept.answered()).isGreaterThanOrEqualTo(kept.sent() - 1);
    }

    @Test
    void shouldEndAGrantAtItsExpiryWithoutThePortal() {
        world.portal().flowLifetime(Duration.ofSeconds(30));
        world.settle();
        Heartbeats heartbeats = client.heartbeats(HOST);
        world.run(SECOND);
        world.portal().stop();
        world.run(Duration.ofSeconds(40));

        assertThat(Duration.ofNanos(world.now() - heartbeats.lastAnswerAt())).isGreaterThan(Duration.ofSeconds(10));

        world.portal().start();
        world.until(
                "access is back",
                Duration.ofSeconds(90),
                () -> heartbeats.lastAnswerAt() > world.now() - 1_000_000_000L);
    }

    @Test
    void shouldSayGoodbyeWithTheLastResource() {
        world.settle();
        assertThat(ended(client.fetch(HOST))).isEqualTo(Fetch.Result.ANSWERED);

        world.portal().revoke(client.id(), network.id(), Reason.POLICY_DISABLED);
        world.run(Duration.ofMillis(100));

        assertThat(client.status().connections()).isEmpty();
        assertThat(gateway.status().connections()).isEmpty();
    }

    @Test
    void shouldDropWhatAResourceSendsUnasked() {
        world.resource("172.21.0.0/16");
        world.settle();
        assertThat(ended(client.fetch("172.21.0.1"))).isEqualTo(Fetch.Result.ANSWERED);

        world.host(HOST).sendUnasked(gateway, client.ipv4());
        world.run(SECOND);

        assertThat(gateway.status().packets().dropped()).containsEntry(DropReason.NO_GRANT, 1L);
        assertThat(client.status().packets().dropped().getOrDefault(DropReason.UNSOLICITED, 0L))
                .isLessThanOrEqualTo(1);
    }

    @Test
    void shouldDropWhatIsNotFromTheClientItself() {
        world.settle();
        client.fromHost(Packets.udp("100.64.0.77", 1, HOST, 7, new byte[8]));
        client.fromHost(Packets.udp(client.ipv4(), 1, "224.0.0.251", 5353, new byte[8]));
        client.fromHost(Packets.udp(client.ipv4(), 1, client.ipv4(), 7, new byte[8]));

        assertThat(client.asks()).isZero();
        assertThat(client.status().packets().dropped())
                .containsEntry(DropReason.WRONG_SOURCE, 1L)
                .containsEntry(DropReason.MULTICAST, 1L)
                .containsEntry(DropReason.TO_SELF, 1L);
    }

    @Test
    void shouldHoldRoutesAndRefuseEverythingWhileSignedOut() {
        world.settle();
        assertThat(ended(client.fetch(HOST))).isEqualTo(Fetch.Result.ANSWERED);

        world.portal().refuseToken(client.token(), Reason.TOKEN_DELETED);
        world.run(SECOND);

        assertThat(client.status().signedOut().reason()).isEqualTo(Reason.TOKEN_DELETED);
        assertThat(client.tunnel().routes()).contains(IpPrefix.parse("172.20.0.0/16"));
        assertThat(ended(client.fetch(HOST))).isEqualTo(Fetch.Result.UNREACHABLE);
        assertThat(gateway.status().clients()).isEmpty();

        client.token("another");
        world.settle();
        assertThat(ended(client.fetch(HOST))).isEqualTo(Fetch.Result.ANSWERED);
    }

    private Fetch.Result ended(Fetch fetch) {
        world.until("the end of a request", Duration.ofSeconds(30), fetch::isDone);
        return fetch.result();
    }
}
