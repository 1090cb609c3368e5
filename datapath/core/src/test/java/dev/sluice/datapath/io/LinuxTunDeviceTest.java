package dev.sluice.datapath.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The kernel's device, in a network namespace of the test's own. */
class LinuxTunDeviceTest extends TunDeviceCompatibilityKit {
    private PrivateNetwork network;
    private DatagramSocket host;

    @Override
    TunDevice open() throws Exception {
        network = PrivateNetwork.create();
        TunDevice device = network.run(() -> LinuxTunDevice.open(null, 1280));
        network.command("echo 1 > /proc/sys/net/ipv6/conf/" + device.name() + "/disable_ipv6");
        network.ip("link set " + device.name() + " up");
        network.ip("addr add 10.9.0.1/24 dev " + device.name());
        host = network.run(() -> new DatagramSocket(new InetSocketAddress("10.9.0.1", 9000)));
        host.setSoTimeout(10_000);
        return device;
    }

    @AfterEach
    void leave() {
        if (network != null) {
            host.close();
            network.close();
        }
    }

    @Override
    void hostSends(String payload) throws Exception {
        byte[] bytes = payload.getBytes();
        host.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByName("10.9.0.2"), 9000));
    }

    @Override
    String hostReceives() throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
        host.receive(packet);
        return new String(packet.getData(), 0, packet.getLength());
    }

    @Test
    void shouldTakeTheNextFreeNumberAndGiveItBack() throws Exception {
        TunDevice second = network.run(() -> LinuxTunDevice.open(null, 1280));
        assertThat(second.name()).isEqualTo("sluice1");
        second.close();

        TunDevice third = network.run(() -> LinuxTunDevice.open(null, 1280));
        assertThat(third.name()).isEqualTo("sluice1");
        third.close();
    }

    @Test
    void shouldNotJoinADeviceThatExists() {
        assertThatThrownBy(() -> network.run(() -> LinuxTunDevice.open("sluice0", 1280)))
                .isInstanceOf(TunUnavailableException.class)
                .hasMessageContaining("sluice0 exists already");
    }

    @Test
    void shouldRefuseANameThatIsTooLong() {
        assertThatThrownBy(() -> LinuxTunDevice.open("a-name-that-is-too-long", 1280))
                .isInstanceOf(TunUnavailableException.class)
                .hasMessageContaining("1 to 15 characters");
    }

    @Test
    void shouldTellWhenSomebodyRemovesIt() throws Exception {
        EventLoop loop = new EventLoop("lost");
        TunDevice device = network.run(() -> LinuxTunDevice.open(null, 1280));
        CountDownLatch lost = new CountDownLatch(1);
        CountDownLatch listening = new CountDownLatch(1);
        loop.execute(now -> device.listen(loop.netty(), () -> {}, lost::countDown));
        loop.execute(now -> listening.countDown());
        listening.await();

        network.ip("link del " + device.name());

        assertThat(lost.await(10, TimeUnit.SECONDS)).isTrue();
        loop.execute(now -> device.close());
        loop.close();
    }

    @Test
    void shouldSetTheMtu() throws Exception {
        assertThat(network.ip("link show sluice0")).contains("mtu 1280");
    }
}
