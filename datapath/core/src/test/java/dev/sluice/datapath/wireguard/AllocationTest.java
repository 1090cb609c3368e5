package dev.sluice.datapath.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.datapath.crypto.AeadProviders;
import dev.sluice.datapath.wire.TransportData;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AllocationTest {
    private static final int PACKETS = 100_000;

    private final byte[] buffer = new byte[1500];

    @Test
    void shouldSealAndOpenWithoutAllocation() {
        assertThat(AeadProviders.preferred().name()).startsWith("JDK intrinsics");
        TwoPeers peers = TwoPeers.connected();
        assertThat(perPacket(() -> {
                    peers.now += 1000;
                    int sealed = peers.alice.peer.seal(
                            buffer, TransportData.ENCRYPTED_PACKET_FIELD_OFFSET, 1280, buffer, 0, peers.now);
                    peers.bob.peer.open(
                            buffer, 0, sealed, buffer, TransportData.ENCRYPTED_PACKET_FIELD_OFFSET, peers.now);
                    peers.alice.peer.nextTimeout();
                }))
                .isLessThan(1);
    }

    @Test
    void shouldRefuseReplaysAndForgeriesWithoutAllocation() {
        TwoPeers peers = TwoPeers.connected();
        byte[] replayed = peers.alice.sealed((byte) 1);
        peers.bob.receive(replayed);
        byte[] forged = peers.alice.sealed(new byte[1000]);
        forged[500] ^= 1;
        byte[] unknown = Arrays.copyOf(replayed, replayed.length);
        unknown[TransportData.RECEIVER_INDEX_FIELD_OFFSET + 3] ^= 1;
        assertThat(perPacket(() -> {
                    peers.bob.peer.open(replayed, 0, replayed.length, buffer, 0, peers.now);
                    peers.bob.peer.open(forged, 0, forged.length, buffer, 0, peers.now);
                    peers.bob.peer.open(unknown, 0, unknown.length, buffer, 0, peers.now);
                }))
                .isLessThan(1);
    }

    /** Bytes per call, once compiled. */
    private static double perPacket(Runnable packet) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (int round = 0; round < 2; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < PACKETS; i++) {
                packet.run();
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        return (double) allocated / PACKETS;
    }
}
