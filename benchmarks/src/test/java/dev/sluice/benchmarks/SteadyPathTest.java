package dev.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.datapath.crypto.Aead;
import dev.sluice.datapath.crypto.AeadProviders;
import dev.sluice.datapath.wire.IpAddress;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What the allocation benchmark reports, held as a promise: beside the AEAD, a packet allocates nothing. */
class SteadyPathTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int PACKETS = 20_000;
    private static final int ROUNDS = 8;
    private static final int PORT = 443;
    private static final byte[] NOTHING = {};

    /** The AEAD's own bytes vary by an object or two with how the compiler inlined it: measured alike to the byte. */
    private static final double TOLERANCE = 48;

    private final IpAddress client = IpAddress.parse(InMemoryTunnel.CLIENT_ADDRESS);
    private final IpAddress resource = IpAddress.parse(InMemoryTunnel.RESOURCE_ADDRESS);
    private final byte[] up = SamplePackets.tcp(client, resource, PORT);
    private final byte[] down = SamplePackets.tcp(resource, PORT, client, SamplePackets.CLIENT_PORT);

    @Test
    void shouldAllocateNothingBesideTheAead() {
        InMemoryTunnel tunnel = InMemoryTunnel.connected(up);
        double aead = bytesPerPacket(sealAndOpen());

        assertThat(bytesPerPacket(() -> tunnel.upload(up)) - aead).isLessThan(TOLERANCE);
        assertThat(bytesPerPacket(() -> tunnel.download(down)) - aead).isLessThan(TOLERANCE);
    }

    @Test
    void shouldAccountForEveryPacket() {
        InMemoryTunnel tunnel = InMemoryTunnel.connected(up);
        for (int i = 0; i < 1000; i++) {
            tunnel.upload(up);
            tunnel.download(down);
        }

        assertThat(tunnel.uploaded()).isEqualTo(1001);
        assertThat(tunnel.downloaded()).isEqualTo(1000);
        assertThat(tunnel.balanced()).isTrue();
    }

    private static Runnable sealAndOpen() {
        byte[] key = new byte[Aead.KEY_LENGTH];
        Aead sealing = AeadProviders.preferred().create(key);
        Aead opening = AeadProviders.preferred().create(key);
        byte[] plaintext = new byte[SamplePackets.LENGTH];
        byte[] ciphertext = new byte[SamplePackets.LENGTH + Aead.TAG_LENGTH];
        long[] counter = {0};
        return () -> {
            sealing.seal(++counter[0], NOTHING, plaintext, 0, plaintext.length, ciphertext, 0);
            opening.open(counter[0], NOTHING, ciphertext, 0, ciphertext.length, plaintext, 0);
        };
    }

    /** The least of several rounds: compilers finish at different times. */
    private static double bytesPerPacket(Runnable packet) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < PACKETS; i++) {
                packet.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return (double) least / PACKETS;
    }
}
