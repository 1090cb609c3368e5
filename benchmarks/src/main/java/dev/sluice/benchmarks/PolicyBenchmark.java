package dev.sluice.benchmarks;

import dev.sluice.channel.Filter;
import dev.sluice.channel.Filter.Protocol;
import dev.sluice.datapath.policy.Grant;
import dev.sluice.datapath.policy.GrantTable;
import dev.sluice.datapath.policy.PacketFilter;
import dev.sluice.datapath.policy.Verdict;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.PrefixTable;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the gateway decides for each packet: its headers, its peer by address, and its grant with filters. Packets go to
 * all of the resources in turn.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PolicyBenchmark {
    private static final IpAddress CLIENT = IpAddress.parse("100.64.0.1");
    private static final UUID CLIENT_ID = new UUID(0, 1);
    private static final int FIRST_NETWORK = 0x0a000000;
    private static final int PACKETS = 256;

    /** How many the client has a grant for, each a /24 with three filters, under one /8 that permits nothing of it. */
    @Param({"1", "100", "10000"})
    public int resources;

    private final IpPacket packet = new IpPacket();
    private final byte[][] packets = new byte[PACKETS][];
    private final PrefixTable<GrantTable> clients = new PrefixTable<>();
    private int next;

    @Setup
    public void setUp() {
        PacketFilter filter = PacketFilter.compile(List.of(
                Filter.ports(Protocol.TCP, 443, 443),
                Filter.ports(Protocol.TCP, 8000, 8100),
                Filter.ports(Protocol.UDP, 53, 53)));
        GrantTable grants = new GrantTable();
        for (int i = 0; i < resources; i++) {
            IpPrefix network = new IpPrefix(IpAddress.ipv4(FIRST_NETWORK + (i << 8)), 24);
            grants.put(new Grant(CLIENT_ID, new UUID(1, i), List.of(network), filter, Grant.NEVER, Grant.NEVER, 1));
        }
        PacketFilter ssh = PacketFilter.compile(List.of(Filter.ports(Protocol.TCP, 22, 22)));
        List<IpPrefix> around = List.of(IpPrefix.parse("10.0.0.0/8"));
        grants.put(new Grant(CLIENT_ID, new UUID(2, 0), around, ssh, Grant.NEVER, Grant.NEVER, 1));
        clients.put(IpPrefix.host(CLIENT), grants);
        for (int i = 0; i < PACKETS; i++) {
            int network = (int) ((long) i * resources / PACKETS);
            packets[i] = SamplePackets.tcp(CLIENT, IpAddress.ipv4(FIRST_NETWORK + (network << 8) + 9), 8080);
        }
    }

    @Benchmark
    public Verdict outbound() {
        byte[] bytes = packets[next++ & (PACKETS - 1)];
        packet.wrap(bytes, 0, bytes.length);
        GrantTable grants = clients.lookupSource(packet);
        return grants == null ? Verdict.NO_GRANT : grants.outbound(packet, 0);
    }
}
