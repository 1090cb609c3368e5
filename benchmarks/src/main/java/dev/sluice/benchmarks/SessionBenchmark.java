package dev.sluice.benchmarks;

import dev.sluice.datapath.wire.TransportData;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One packet through a WireGuard session: framing, sealing, opening, replay window and timers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SessionBenchmark {
    private static final int PACKET_LENGTH = 1280;

    private final PeerPair peers = PeerPair.connected();
    private final byte[] packet = new byte[PACKET_LENGTH];
    private final byte[] datagram = new byte[PACKET_LENGTH + TransportData.OVERHEAD];
    private final byte[] out = new byte[PACKET_LENGTH + TransportData.OVERHEAD];

    @Benchmark
    public int sealAndOpen() {
        int length = peers.initiator().seal(packet, 0, PACKET_LENGTH, datagram, 0, PeerPair.NOW);
        return peers.responder().open(datagram, 0, length, out, 0, PeerPair.NOW);
    }
}
