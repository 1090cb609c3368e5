package dev.sluice.datapath.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Filter;
import dev.sluice.channel.Filter.Protocol;
import dev.sluice.datapath.wire.Allocations;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.Packets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is decided for each packet allocates nothing. */
class PolicyAllocationTest {
    private static final int ITERATIONS = 50_000;
    private static final UUID CLIENT = new UUID(0, 1);

    @Test
    void shouldDecideWithoutAllocation() {
        GrantTable table = new GrantTable();
        for (int i = 1; i < 5; i++) {
            PacketFilter filter = PacketFilter.compile(
                    List.of(Filter.ports(Protocol.TCP, 80 * i, 80 * i + 5), Filter.ports(Protocol.UDP, 53, 53)));
            List<IpPrefix> networks = List.of(IpPrefix.parse("172.20.0.0/" + (12 + i)));
            table.put(new Grant(CLIENT, new UUID(1, i), networks, filter, 10_000, 10_000, i));
        }
        IpPacket request = Packets.wrapped(Packets.tcp("100.64.0.1", 1, "172.20.0.1", 240, 0, new byte[0]));
        IpPacket response = Packets.wrapped(Packets.tcp("172.20.0.1", 240, "100.64.0.1", 1, 0, new byte[0]));
        IpPacket refused = Packets.wrapped(Packets.tcp("100.64.0.1", 1, "172.20.0.1", 99, 0, new byte[0]));
        IpPacket error = Packets.wrapped(Packets.icmp("172.31.0.1", "100.64.0.1", 3, 1, request.buffer()));
        IcmpRateLimit limit = new IcmpRateLimit();

        assertThat(table.outbound(request, 0)).isEqualTo(Verdict.PERMITTED);
        assertThat(table.inbound(response, 0)).isEqualTo(Verdict.PERMITTED);
        assertThat(table.inbound(error, 0)).isEqualTo(Verdict.PERMITTED);
        assertThat(table.outbound(refused, 0)).isEqualTo(Verdict.FILTERED);
        assertThat(Allocations.bytes(ITERATIONS, () -> {
                    sink(table.outbound(request, 0));
                    sink(table.inbound(response, 0));
                    sink(table.inbound(error, 0));
                    sink(table.outbound(refused, 0));
                    limit.tryAcquire(5, 0);
                }))
                .isZero();
    }

    private static volatile Verdict sunk;

    private static void sink(Verdict verdict) {
        sunk = verdict;
    }
}
