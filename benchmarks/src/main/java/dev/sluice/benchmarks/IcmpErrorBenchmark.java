package dev.sluice.benchmarks;

import dev.sluice.datapath.wire.IcmpError;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Building the ICMP error that refuses a packet. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class IcmpErrorBenchmark {
    private final IpPacket ipv4 = wrapped("100.64.0.1", "172.20.0.100");
    private final IpPacket ipv6 = wrapped("fd00:2021:1111::1", "172:20::100");
    private final byte[] out = new byte[IcmpError.MAX_LENGTH];

    @Benchmark
    public int prohibitedIpv4() {
        return IcmpError.write(IcmpError.Cause.PROHIBITED, ipv4, out, 0);
    }

    @Benchmark
    public int prohibitedIpv6() {
        return IcmpError.write(IcmpError.Cause.PROHIBITED, ipv6, out, 0);
    }

    private static IpPacket wrapped(String source, String destination) {
        byte[] bytes = SamplePackets.tcp(IpAddress.parse(source), IpAddress.parse(destination), 443);
        IpPacket packet = new IpPacket();
        packet.wrap(bytes, 0, bytes.length);
        return packet;
    }
}
