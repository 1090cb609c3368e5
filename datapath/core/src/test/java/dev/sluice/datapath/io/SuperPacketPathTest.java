package dev.sluice.datapath.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.Coalescer;
import dev.sluice.datapath.wire.Coalescing;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.PacketBatch;
import dev.sluice.datapath.wire.Segmenter;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two kernels with a device each, and between them what a tunnel does to packets: super-packets are cut, and what belongs
 * together is put together again.
 */
class SuperPacketPathTest {
    private static final int STREAM = 8 << 20;
    private static final int MTU = 1280;

    /** As many as wait for a receiver, whatever the kernel counts for each. */
    private static final int DATAGRAMS = 50;

    private PrivateNetwork one;
    private PrivateNetwork other;
    private EventLoop loop;
    private Half toOther;
    private Half toOne;

    @BeforeEach
    void makeNetworks() throws Exception {
        one = PrivateNetwork.create();
        other = PrivateNetwork.create();
        loop = new EventLoop("between");
    }

    @AfterEach
    void leave() throws Exception {
        if (loop == null) {
            return;
        }
        if (toOther != null) {
            loop.netty()
                    .submit(() -> {
                        toOther.from.close();
                        toOne.from.close();
                    })
                    .get(10, TimeUnit.SECONDS);
        }
        loop.close();
        one.close();
        other.close();
    }

    @ParameterizedTest(name = "{0}, {1} to {2}")
    @CsvSource({
        "STREAMS_AND_DATAGRAMS, 10.9.0.1, 10.9.0.2",
        "STREAMS_AND_DATAGRAMS, fd00::1, fd00::2",
        "STREAMS, 10.9.0.1, 10.9.0.2",
        "NOTHING, 10.9.0.1, 10.9.0.2",
    })
    void shouldCarryAStreamUnharmed(Coalescing most, String from, String to) throws Exception {
        connect(most);
        byte[] sent = new byte[STREAM];
        new Random(1).nextBytes(sent);

        ServerSocket server = other.run(() -> new ServerSocket(9000, 1, InetAddress.getByName(to)));
        CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> readAll(server));
        Socket client = one.run(() -> new Socket(InetAddress.getByName(to), 9000, InetAddress.getByName(from), 0));
        client.getOutputStream().write(sent);
        client.close();

        assertThat(digest(received.get(60, TimeUnit.SECONDS))).isEqualTo(digest(sent));
        server.close();
        if (most == Coalescing.NOTHING) {
            assertThat(toOther.superPackets).isZero();
        } else {
            assertThat(toOther.superPackets).isPositive();
            assertThat(toOther.writes).as("of %d packets", toOther.packets).isLessThan(toOther.packets / 4);
        }
    }

    @ParameterizedTest
    @EnumSource(Coalescing.class)
    void shouldKeepDatagramsAsTheyWereSent(Coalescing most) throws Exception {
        connect(most);
        DatagramSocket receiver =
                other.run(() -> new DatagramSocket(new InetSocketAddress(InetAddress.getByName("10.9.0.2"), 9000)));
        receiver.setSoTimeout(10_000);
        DatagramSocket sender =
                one.run(() -> new DatagramSocket(new InetSocketAddress(InetAddress.getByName("10.9.0.1"), 0)));

        for (int i = 0; i < DATAGRAMS; i++) {
            byte[] payload = new byte[i % 10 == 9 ? 100 : 700];
            payload[0] = (byte) i;
            sender.send(new DatagramPacket(payload, payload.length, InetAddress.getByName("10.9.0.2"), 9000));
        }

        for (int i = 0; i < DATAGRAMS; i++) {
            DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
            receiver.receive(packet);
            assertThat(packet.getData()[0]).isEqualTo((byte) i);
            assertThat(packet.getLength()).isEqualTo(i % 10 == 9 ? 100 : 700);
        }
        sender.close();
        receiver.close();
    }

    private void connect(Coalescing most) throws Exception {
        TunDevice first = open(one, most, 1, 2);
        TunDevice second = open(other, most, 2, 1);
        toOther = new Half(first, second);
        toOne = new Half(second, first);
        loop.netty()
                .submit(() -> {
                    first.listen(loop.netty(), toOther::carry, () -> {});
                    second.listen(loop.netty(), toOne::carry, () -> {});
                })
                .get(10, TimeUnit.SECONDS);
    }

    private static TunDevice open(PrivateNetwork network, Coalescing most, int own, int peer) throws Exception {
        TunDevice device = network.run(() -> LinuxTunDevice.open(null, MTU, most));
        network.ip("link set " + device.name() + " up");
        network.ip("addr add 10.9.0." + own + "/32 peer 10.9.0." + peer + " dev " + device.name());
        network.ip("addr add fd00::" + own + "/127 dev " + device.name() + " nodad");
        network.ip("route replace fd00::" + peer + "/128 dev " + device.name());
        return device;
    }

    private static byte[] readAll(ServerSocket server) {
        try (Socket accepted = server.accept()) {
            return accepted.getInputStream().readAllBytes();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static byte[] digest(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    /** One direction. */
    private static final class Half {
        private final TunDevice from;
        private final TunDevice to;
        private final PacketBatch batch;
        private final IpPacket packet = new IpPacket();
        private final IpPacket part = new IpPacket();
        private final Segmenter segmenter = new Segmenter();
        private final Coalescer coalescer;
        private final byte[] segment = new byte[PacketBatch.HEADROOM + IpPacket.LONGEST];
        private volatile int superPackets;
        private volatile int packets;
        private volatile int writes;

        Half(TunDevice from, TunDevice to) {
            this.from = from;
            this.to = to;
            this.batch = from.newBatch();
            this.coalescer = new Coalescer(to.coalescing() == Coalescing.STREAMS_AND_DATAGRAMS);
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // written by the loop alone
        void carry() {
            batch.clear();
            from.read(batch);
            for (int i = 0; i < batch.size(); i++) {
                int segmentSize = batch.segmentSize(i);
                IpPacket.Status status = packet.wrap(batch.buffer(), batch.offset(i), batch.length(i), segmentSize);
                if (status != IpPacket.Status.VALID) {
                    continue;
                }
                if (segmentSize > 0) {
                    superPackets++;
                    int count = segmenter.begin(packet);
                    for (int j = 0; j < count; j++) {
                        int length = segmenter.write(j, segment, PacketBatch.HEADROOM);
                        part.wrap(segment, PacketBatch.HEADROOM, length);
                        join(part);
                    }
                } else {
                    join(packet);
                }
            }
            flush();
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // written by the loop alone
        private void join(IpPacket next) {
            packets++;
            assertThat(next.totalLength()).isLessThanOrEqualTo(MTU);
            if (to.coalescing() == Coalescing.NOTHING) {
                write(next);
            } else if (!coalescer.add(next)) {
                flush();
                if (!coalescer.add(next)) {
                    write(next);
                }
            }
        }

        private void flush() {
            if (!coalescer.isEmpty()) {
                write(coalescer.packet());
                coalescer.clear();
            }
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // written by the loop alone
        private void write(IpPacket whole) {
            writes++;
            to.write(whole.buffer(), whole.offset(), whole.totalLength(), whole.segmentSize());
        }
    }
}
