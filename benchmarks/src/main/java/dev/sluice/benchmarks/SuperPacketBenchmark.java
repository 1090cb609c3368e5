package dev.sluice.benchmarks;

import dev.sluice.datapath.wire.Checksum;
import dev.sluice.datapath.wire.Coalescer;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.Ipv4Header;
import dev.sluice.datapath.wire.Segmenter;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Cutting a super-packet into full packets and putting them together again: figures are for each packet. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SuperPacketBenchmark {
    private static final int PACKETS = 48;
    private static final int SEGMENT = SamplePackets.LENGTH - 40;

    private final byte[] whole =
            SamplePackets.tcp(IpAddress.parse("100.64.0.1"), IpAddress.parse("172.20.0.100"), 443, PACKETS * SEGMENT);
    private final byte[][] parts = new byte[PACKETS][];
    private final IpPacket packet = new IpPacket();
    private final Segmenter segmenter = new Segmenter();
    private final Coalescer coalescer = new Coalescer(true);
    private final byte[] out = new byte[SamplePackets.LENGTH];

    public SuperPacketBenchmark() {
        packet.wrap(whole, 0, whole.length, SEGMENT);
        segmenter.begin(packet);
        for (int i = 0; i < PACKETS; i++) {
            parts[i] = new byte[segmenter.write(i, out, 0)];
            System.arraycopy(out, 0, parts[i], 0, parts[i].length);
        }
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public int cut() {
        packet.wrap(whole, 0, whole.length, SEGMENT);
        int count = segmenter.begin(packet);
        int length = 0;
        for (int i = 0; i < count; i++) {
            length += segmenter.write(i, out, 0);
        }
        return length;
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public int putTogether() {
        coalescer.clear();
        for (byte[] part : parts) {
            packet.wrap(part, 0, part.length);
            if (!coalescer.add(packet)) {
                throw new IllegalStateException("the packet does not follow");
            }
        }
        return coalescer.packet().segments();
    }

    @Benchmark
    public int checksum() {
        return Checksum.of(out, Ipv4Header.MIN_LENGTH, SEGMENT);
    }
}
