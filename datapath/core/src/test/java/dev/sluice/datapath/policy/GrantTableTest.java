package dev.sluice.datapath.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Filter;
import dev.sluice.channel.Filter.Protocol;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.Packets;
import dev.sluice.datapath.wire.TcpHeader;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GrantTableTest {
    private static final UUID CLIENT = new UUID(1, 1);
    private static final UUID WEB = new UUID(2, 1);
    private static final UUID DATABASE = new UUID(2, 2);
    private static final String CLIENT_ADDRESS = "100.64.0.1";
    private static final String WEB_ADDRESS = "172.20.0.100";
    private static final String ROUTER_ADDRESS = "172.31.9.9";
    private static final long NOW = 1_000_000;

    private final GrantTable table = new GrantTable();

    @Test
    void shouldPermitNothingWithoutAGrant() {
        assertThat(table.outbound(request(80), NOW)).isEqualTo(Verdict.NO_GRANT);
        assertThat(table.inbound(response(80), NOW)).isEqualTo(Verdict.NO_GRANT);
        assertThat(table.decidedBy()).isNull();
    }

    @Test
    void shouldPermitBothDirectionsOfAGrant() {
        Grant grant = web(Grant.NEVER, 1);
        table.put(grant);

        assertThat(table.outbound(request(80), NOW)).isEqualTo(Verdict.PERMITTED);
        assertThat(table.decidedBy()).isSameAs(grant);
        assertThat(table.inbound(response(80), NOW)).isEqualTo(Verdict.PERMITTED);
    }

    @Test
    void shouldFilterBothDirections() {
        table.put(web(Grant.NEVER, 1, Filter.ports(Protocol.TCP, 80, 80)));

        assertThat(table.outbound(request(80), NOW)).isEqualTo(Verdict.PERMITTED);
        assertThat(table.outbound(request(81), NOW)).isEqualTo(Verdict.FILTERED);
        assertThat(table.inbound(response(80), NOW)).isEqualTo(Verdict.PERMITTED);
        assertThat(table.inbound(response(81), NOW)).isEqualTo(Verdict.FILTERED);
    }

    @Test
    void shouldEndAtItsInstantThoughNobodyRemovedIt() {
        table.put(web(NOW, 1));

        assertThat(table.outbound(request(80), NOW - 1)).isEqualTo(Verdict.PERMITTED);
        assertThat(table.outbound(request(80), NOW)).isEqualTo(Verdict.EXPIRED);
        assertThat(table.inbound(response(80), NOW)).isEqualTo(Verdict.EXPIRED);
    }

    @Test
    void shouldFallBackToAnotherGrantThatIsGood() {
        table.put(web(NOW, 1));
        table.put(grant(DATABASE, Grant.NEVER, 1, "172.20.0.0/16"));

        assertThat(table.outbound(request(80), NOW)).isEqualTo(Verdict.PERMITTED);
        assertThat(table.decidedBy()).isSameAs(table.grant(DATABASE));
    }

    @Test
    void shouldRemoveWhatHasExpired() {
        Grant expiring = web(NOW, 1);
        table.put(expiring);
        table.put(grant(DATABASE, NOW + 5, 1, "10.0.0.0/8"));

        assertThat(table.nextDeadline()).isEqualTo(NOW);
        assertThat(table.removeExpired(NOW - 1)).isEmpty();
        assertThat(table.removeExpired(NOW)).containsExactly(expiring);
        assertThat(table.nextDeadline()).isEqualTo(NOW + 5);
        assertThat(table.outbound(request(80), NOW)).isEqualTo(Verdict.NO_GRANT);
    }

    @Test
    void shouldTakeARefreshedGrantAfterExpiry() {
        table.put(web(NOW, 1));
        table.removeExpired(NOW);

        assertThat(table.put(web(NOW + 10, 2))).isTrue();
        assertThat(table.outbound(request(80), NOW)).isEqualTo(Verdict.PERMITTED);
        assertThat(table.put(table.grant(WEB).withExpiry(NOW + 20, NOW + 20))).isTrue();
        assertThat(table.grant(WEB).expiresAt()).isEqualTo(Instant.ofEpochMilli(NOW + 20));
    }

    @Test
    void shouldNeverLetAnOlderGrantReplaceANewerOne() {
        table.put(web(Grant.NEVER, 5, Filter.all(Protocol.TCP)));

        assertThat(table.put(web(Grant.NEVER, 4))).isFalse();
        assertThat(table.put(web(Grant.NEVER, 5))).isTrue();
        assertThat(table.grant(WEB).generation()).isEqualTo(5);
    }

    @Test
    void shouldNeverLetALateGrantUndoARevocation() {
        assertThat(table.remove(WEB, 7)).isNull();

        assertThat(table.put(web(Grant.NEVER, 7))).isFalse();
        assertThat(table.put(web(Grant.NEVER, 6))).isFalse();
        assertThat(table.outbound(request(80), NOW)).isEqualTo(Verdict.NO_GRANT);
        assertThat(table.put(web(Grant.NEVER, 8))).isTrue();
    }

    @Test
    void shouldNeverLetAnOlderRevocationEndANewerGrant() {
        table.put(web(Grant.NEVER, 8));

        assertThat(table.remove(WEB, 7)).isNull();
        assertThat(table.outbound(request(80), NOW)).isEqualTo(Verdict.PERMITTED);
        assertThat(table.remove(WEB, 8)).isNotNull();
        assertThat(table.outbound(request(80), NOW)).isEqualTo(Verdict.NO_GRANT);
    }

    @Test
    void shouldFollowTheOrderOfMessagesWithoutGenerations() {
        table.put(web(Grant.NEVER, Grant.NO_GENERATION));
        assertThat(table.remove(WEB, GrantTable.ANY_GENERATION)).isNotNull();
        assertThat(table.put(web(Grant.NEVER, Grant.NO_GENERATION))).isTrue();
        assertThat(table.outbound(request(80), NOW)).isEqualTo(Verdict.PERMITTED);
    }

    @Test
    void shouldRevokeWhatASnapshotOmits() {
        table.put(web(Grant.NEVER, 3));
        table.put(grant(DATABASE, Grant.NEVER, 4, "10.0.0.0/8"));

        assertThat(table.retainAll(Set.of(DATABASE, new UUID(9, 9))))
                .extracting(Grant::resource)
                .containsExactly(WEB);
        assertThat(table.grants()).extracting(Grant::resource).containsExactly(DATABASE);
        assertThat(table.put(web(Grant.NEVER, 3))).as("the same decision, late").isFalse();
        assertThat(table.put(web(Grant.NEVER, 5))).isTrue();
    }

    @Test
    void shouldTakeNewFiltersAtOnce() {
        table.put(web(Grant.NEVER, 1));
        Grant narrowed = table.grant(WEB)
                .withResource(
                        List.of(IpPrefix.parse("172.20.0.100/32")),
                        PacketFilter.compile(List.of(Filter.ports(Protocol.TCP, 22, 22))));

        assertThat(table.put(narrowed)).isTrue();
        assertThat(table.outbound(request(80), NOW)).isEqualTo(Verdict.FILTERED);
    }

    @Test
    void shouldPassErrorsFromAnywhereAboutWhatTheClientMaySend() {
        table.put(web(Grant.NEVER, 1, Filter.ports(Protocol.TCP, 80, 80)));

        assertThat(table.inbound(errorAbout(request(80)), NOW)).isEqualTo(Verdict.PERMITTED);
        assertThat(table.inbound(errorAbout(request(81)), NOW)).isEqualTo(Verdict.FILTERED);
        assertThat(table.inbound(errorAbout(response(80)), NOW)).isEqualTo(Verdict.NO_GRANT);
        table.remove(WEB, GrantTable.ANY_GENERATION);
        assertThat(table.inbound(errorAbout(request(80)), NOW)).isEqualTo(Verdict.NO_GRANT);
    }

    @Test
    void shouldRefuseErrorsThatQuoteTooLittle() {
        table.put(web(Grant.NEVER, 1));
        byte[] error = Packets.icmp(WEB_ADDRESS, CLIENT_ADDRESS, 3, 1, new byte[10]);

        assertThat(table.inbound(Packets.wrapped(error), NOW)).isEqualTo(Verdict.NO_GRANT);
        assertThat(table.decidedBy()).isNull();
    }

    @Test
    void shouldForgetTheOldestOfManyRevocations() {
        for (int i = 0; i < 3000; i++) {
            table.remove(new UUID(3, i), 10);
        }

        assertThat(table.put(grant(new UUID(3, 2999), Grant.NEVER, 9, "10.0.0.0/8")))
                .isFalse();
        assertThat(table.put(grant(new UUID(3, 0), Grant.NEVER, 9, "10.0.0.0/8")))
                .isTrue();
    }

    private static Grant web(long expiresAtMillis, long generation, Filter... filters) {
        return new Grant(
                CLIENT,
                WEB,
                List.of(IpPrefix.parse(WEB_ADDRESS)),
                PacketFilter.compile(Arrays.asList(filters)),
                expiresAtMillis,
                expiresAtMillis,
                generation);
    }

    private static Grant grant(UUID resource, long expiresAtMillis, long generation, String network) {
        return new Grant(
                CLIENT,
                resource,
                List.of(IpPrefix.parse(network)),
                PacketFilter.permitAll(),
                expiresAtMillis,
                expiresAtMillis,
                generation);
    }

    private static IpPacket request(int port) {
        return Packets.wrapped(Packets.tcp(CLIENT_ADDRESS, 50000, WEB_ADDRESS, port, TcpHeader.SYN, new byte[0]));
    }

    private static IpPacket response(int port) {
        return Packets.wrapped(Packets.tcp(WEB_ADDRESS, port, CLIENT_ADDRESS, 50000, TcpHeader.ACK, new byte[0]));
    }

    private static IpPacket errorAbout(IpPacket cause) {
        byte[] quoted = Arrays.copyOf(cause.buffer(), 28);
        return Packets.wrapped(Packets.icmp(ROUTER_ADDRESS, CLIENT_ADDRESS, 11, 0, quoted));
    }
}
