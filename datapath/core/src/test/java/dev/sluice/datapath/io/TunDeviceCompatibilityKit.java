package dev.sluice.datapath.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.datapath.wire.PacketBatch;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link TunDevice} must do. The host has 10.9.0.1, and sends to 10.9.0.2 through the device. A packet is
 * named by its UDP payload.
 */
abstract class TunDeviceCompatibilityKit {
    /** IPv4 and UDP from 10.9.0.2:9000 to 10.9.0.1:9000, payload "hello", without a UDP checksum. */
    private static final byte[] TO_HOST =
            HexFormat.of().parseHex("4500002100000000401166b80a0900020a090001" + "23282328000d0000" + "68656c6c6f");

    private static final int UDP_PAYLOAD = 28;

    private MultiThreadIoEventLoopGroup group;
    private IoEventLoop loop;
    private TunDevice device;

    /** A new device with 10.9.0.1/24 on it. */
    abstract TunDevice open() throws Exception;

    /** Sends a UDP datagram from the host into the device. */
    abstract void hostSends(String payload) throws Exception;

    /** The payload of the next UDP datagram to port 9000 that reached the host through the device. */
    abstract String hostReceives() throws Exception;

    @BeforeEach
    void openDevice() throws Exception {
        device = open();
        group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        loop = group.next();
    }

    @AfterEach
    void closeDevice() throws Exception {
        if (device != null) {
            onLoop(() -> {
                device.close();
                return null;
            });
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).await();
        }
    }

    @Test
    void shouldReadNothingWhereNothingWaits() throws Exception {
        assertThat(onLoop(() -> device.read(batch(4)))).isZero();
    }

    @Test
    void shouldReadWhatTheHostSendsInOrderUntilNothingWaits() throws Exception {
        hostSends("one");
        hostSends("two");
        hostSends("three");

        PacketBatch batch = batch(8);
        onLoop(() -> device.read(batch));

        assertThat(payloads(batch)).containsExactly("one", "two", "three");
        assertThat(onLoop(() -> device.read(batch))).isZero();
    }

    @Test
    void shouldLeaveWhatDoesNotFitForTheNextRead() throws Exception {
        hostSends("one");
        hostSends("two");
        hostSends("three");

        PacketBatch first = batch(2);
        PacketBatch second = batch(2);
        assertThat(onLoop(() -> device.read(first))).isEqualTo(2);
        assertThat(onLoop(() -> device.read(second))).isEqualTo(1);

        assertThat(payloads(second)).containsExactly("three");
    }

    @Test
    void shouldLeaveRoomForAHeaderBeforeEachPacket() throws Exception {
        hostSends("one");

        PacketBatch batch = new PacketBatch(1, 40, 1280);
        onLoop(() -> device.read(batch));

        assertThat(batch.offset(0)).isEqualTo(40);
        assertThat(batch.segmentSize(0)).isZero();
        assertThat(payloads(batch)).containsExactly("one");
    }

    @Test
    void shouldTellItsListenerAsLongAsPacketsWait() throws Exception {
        var received = new LinkedBlockingQueue<String>();
        var listening = new CountDownLatch(1);
        PacketBatch one = batch(1);
        onLoop(() -> {
            Runnable reader = () -> {
                one.clear();
                device.read(one);
                received.addAll(payloads(one));
            };
            device.listen(loop, reader, () -> received.add("lost"));
            listening.countDown();
            return null;
        });
        listening.await();

        hostSends("one");
        hostSends("two");

        assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("one");
        assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("two");
    }

    @Test
    void shouldTakeOnlyOneListener() throws Exception {
        onLoop(() -> {
            device.listen(loop, () -> {}, () -> {});
            return null;
        });

        assertThatThrownBy(() -> onLoop(() -> {
                    device.listen(loop, () -> {}, () -> {});
                    return null;
                }))
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldGiveTheHostWhatIsWritten() throws Exception {
        assertThat(write(TO_HOST, 0)).isTrue();

        assertThat(hostReceives()).isEqualTo("hello");
    }

    @Test
    void shouldRefuseWhatIsNoPacket() throws Exception {
        byte[] garbage = {0x10, 0, 0, 0};

        assertThat(write(garbage, 0)).isFalse();
    }

    @Test
    void shouldDoNothingOnceClosed() throws Exception {
        onLoop(() -> {
            device.close();
            device.close();
            return null;
        });

        assertThat(onLoop(() -> device.read(batch(1)))).isZero();
        assertThat(write(TO_HOST, 0)).isFalse();
    }

    @Test
    void shouldSayItsNameAndMtu() {
        assertThat(device.name()).isNotBlank();
        assertThat(device.mtu()).isEqualTo(1280);
    }

    private boolean write(byte[] packet, int segmentSize) throws Exception {
        byte[] roomy = new byte[PacketBatch.HEADROOM + packet.length];
        System.arraycopy(packet, 0, roomy, PacketBatch.HEADROOM, packet.length);
        return onLoop(() -> device.write(roomy, PacketBatch.HEADROOM, packet.length, segmentSize));
    }

    private <T> T onLoop(Callable<T> step) throws Exception {
        return loop.submit(step).get(10, TimeUnit.SECONDS);
    }

    private static PacketBatch batch(int slots) {
        return new PacketBatch(slots, PacketBatch.HEADROOM, 1280);
    }

    private static List<String> payloads(PacketBatch batch) {
        List<String> payloads = new ArrayList<>();
        batch.forEach((buffer, offset, length) ->
                payloads.add(new String(buffer, offset + UDP_PAYLOAD, length - UDP_PAYLOAD)));
        return payloads;
    }
}
