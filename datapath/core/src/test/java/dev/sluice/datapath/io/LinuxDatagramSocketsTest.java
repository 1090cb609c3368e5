package dev.sluice.datapath.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In a network namespace of its own: marking sockets takes its capabilities. */
class LinuxDatagramSocketsTest {
    private static final IpAddress ONE = IpAddress.parse("127.0.0.1");
    private static final IpAddress OTHER = IpAddress.parse("127.0.0.2");
    private static final IpAddress IPV6 = IpAddress.parse("::1");
    private static final IpAddress FOREIGN = IpAddress.parse("192.0.2.1");
    private static final int PORT = 52625;

    private record Received(Endpoint local, Endpoint remote, String text) {}

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final List<Integer> trains = new CopyOnWriteArrayList<>();
    private PrivateNetwork network;
    private EventLoop loop;
    private DatagramSockets sockets;
    private DatagramSocket peer;

    @BeforeEach
    void open() throws Exception {
        network = PrivateNetwork.create();
        loop = network.run(() -> {
            EventLoop made = new EventLoop("sockets");
            made.netty().submit(() -> {}).get();
            return made;
        });
        peer = network.run(() -> new DatagramSocket(new InetSocketAddress("127.0.0.9", 9000)));
        peer.setSoTimeout(10_000);
        sockets = onLoop(() -> new LinuxDatagramSockets(loop.netty(), PORT, SocketMark.MARK, true, this::receive));
    }

    @AfterEach
    void close() throws Exception {
        if (network != null) {
            onLoop(() -> {
                sockets.close();
                return null;
            });
            peer.close();
            loop.close();
            network.close();
        }
    }

    @Test
    void shouldOpenOneSocketForEachAddressOnThePort() throws Exception {
        assertThat(bind(ONE, OTHER, IPV6))
                .containsExactlyInAnyOrder(
                        new Endpoint(ONE, PORT), new Endpoint(OTHER, PORT), new Endpoint(IPV6, PORT));
    }

    @Test
    void shouldTakeAnotherPortWhereItsOwnIsBusy() throws Exception {
        DatagramSocket busy = network.run(() -> new DatagramSocket(new InetSocketAddress("127.0.0.1", PORT)));

        List<Endpoint> bound = bind(ONE);

        assertThat(bound).hasSize(1);
        assertThat(bound.getFirst().port()).isNotIn(0, PORT);
        busy.close();
    }

    @Test
    void shouldLeaveOutAnAddressThatTheHostDoesNotHaveAndTakeItLater() throws Exception {
        assertThat(bind(ONE, FOREIGN)).containsExactly(new Endpoint(ONE, PORT));

        network.ip("addr add 192.0.2.1/32 dev lo");

        assertThat(bind(ONE, FOREIGN)).containsExactlyInAnyOrder(new Endpoint(ONE, PORT), new Endpoint(FOREIGN, PORT));
    }

    @Test
    void shouldCloseTheSocketOfAnAddressThatIsGone() throws Exception {
        bind(ONE, OTHER);

        assertThat(bind(OTHER)).containsExactly(new Endpoint(OTHER, PORT));

        network.run(() -> new DatagramSocket(new InetSocketAddress("127.0.0.1", PORT)))
                .close();
    }

    @Test
    void shouldMarkItsSockets() throws Exception {
        bind(ONE);

        assertThat(network.command("ss -H -u -l -n -e -m 'sport = :" + PORT + "'"))
                .contains("fwmark:0x51c3");
    }

    @Test
    void shouldSendFromTheAddressThatIsAskedFor() throws Exception {
        bind(ONE, OTHER);

        send(OTHER, "hello");

        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        peer.receive(packet);
        assertThat(new String(packet.getData(), 0, packet.getLength())).isEqualTo("hello");
        assertThat(packet.getSocketAddress()).isEqualTo(new InetSocketAddress("127.0.0.2", PORT));
    }

    @Test
    void shouldSendNothingBeforeTheFlush() throws Exception {
        bind(ONE);
        Endpoint remote = new Endpoint(IpAddress.parse("127.0.0.9"), 9000);
        onLoop(() -> {
            sockets.send(new Endpoint(ONE, PORT), remote, "one".getBytes(), 0, 3);
            return null;
        });
        peer.setSoTimeout(1);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> peer.receive(new DatagramPacket(new byte[9], 9))))
                .isInstanceOf(java.net.SocketTimeoutException.class);
    }

    @Test
    void shouldSayWhereADatagramCameToAndFrom() throws Exception {
        bind(ONE, OTHER);

        byte[] bytes = "hi".getBytes();
        peer.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByName("127.0.0.2"), PORT));

        assertThat(received.poll(10, TimeUnit.SECONDS))
                .isEqualTo(new Received(
                        new Endpoint(OTHER, PORT), new Endpoint(IpAddress.parse("127.0.0.9"), 9000), "hi"));
    }

    /** A peer whose router expects answers from where it sent to. */
    @Test
    void shouldAnswerFromTheAddressThatADatagramCameTo() throws Exception {
        bind(IpAddress.parse("0.0.0.0"));
        byte[] bytes = "hi".getBytes();
        for (String address : new String[] {"127.0.0.2", "127.0.0.1", "127.0.0.3"}) {
            peer.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByName(address), PORT));
            Received came = received.poll(10, TimeUnit.SECONDS);
            assertThat(came.local()).isEqualTo(new Endpoint(IpAddress.parse(address), PORT));
            onLoop(() -> {
                sockets.send(came.local(), came.remote(), bytes, 0, bytes.length);
                sockets.flush();
                return null;
            });
            DatagramPacket answer = new DatagramPacket(new byte[9], 9);
            peer.setSoTimeout(10_000);
            peer.receive(answer);
            assertThat(answer.getAddress().getHostAddress()).isEqualTo(address);
        }
    }

    @Test
    void shouldKeepTheOrderOfManyDatagrams() throws Exception {
        bind(ONE);

        for (int i = 0; i < 200; i++) {
            byte[] bytes = Integer.toString(i).getBytes();
            peer.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByName("127.0.0.1"), PORT));
        }

        for (int i = 0; i < 200; i++) {
            assertThat(received.poll(10, TimeUnit.SECONDS).text()).isEqualTo(Integer.toString(i));
        }
    }

    /** Datagrams of one length go through the kernel together, and come as they were sent. */
    @Test
    void shouldSendAndReceiveTrains() throws Exception {
        List<Endpoint> bound = bind(ONE, OTHER);

        onLoop(() -> {
            for (int i = 0; i < 300; i++) {
                byte[] bytes = (i % 70 == 69 ? "end" : "datagram %04d".formatted(i)).getBytes();
                sockets.send(bound.get(0), bound.get(1), bytes, 0, bytes.length);
            }
            sockets.flush();
            return null;
        });

        for (int i = 0; i < 300; i++) {
            Received next = received.poll(10, TimeUnit.SECONDS);
            assertThat(next.text()).isEqualTo(i % 70 == 69 ? "end" : "datagram %04d".formatted(i));
            assertThat(next.local()).isEqualTo(bound.get(1));
            assertThat(next.remote()).isEqualTo(bound.get(0));
        }
        assertThat(trains).as("datagrams that came in one piece").anyMatch(length -> length > 1);
        assertThat(onLoop(() -> sockets.sendFailures())).isZero();
    }

    /** The kernel refuses a train whose datagrams do not fit into the interface's MTU (EINVAL), and takes each of them. */
    @Test
    void shouldSendOneByOneWhatIsRefusedAsATrain() throws Exception {
        network.ip("link set lo mtu 1000");
        List<Endpoint> bound = bind(ONE, OTHER);

        onLoop(() -> {
            for (int i = 0; i < 20; i++) {
                byte[] bytes = "%01400d".formatted(i).getBytes();
                sockets.send(bound.get(0), bound.get(1), bytes, 0, bytes.length);
            }
            sockets.flush();
            return null;
        });

        for (int i = 0; i < 20; i++) {
            assertThat(received.poll(10, TimeUnit.SECONDS).text()).isEqualTo("%01400d".formatted(i));
        }
        assertThat(onLoop(() -> sockets.sendFailures())).isZero();
    }

    @Test
    void shouldCountWhatItHasNoSocketFor() throws Exception {
        bind(ONE);

        send(OTHER, "lost");

        assertThat(onLoop(() -> sockets.sendFailures())).isEqualTo(1);
    }

    private void receive(DatagramBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            trains.add(batch.length(i) / batch.segmentSize(i));
            int end = batch.offset(i) + batch.length(i);
            for (int next = batch.offset(i); next < end; next += batch.segmentSize(i)) {
                int length = Math.min(batch.segmentSize(i), end - next);
                received.add(new Received(batch.local(i), batch.remote(i), new String(batch.buffer(), next, length)));
            }
        }
    }

    private void send(IpAddress from, String text) throws Exception {
        byte[] bytes = text.getBytes();
        onLoop(() -> {
            sockets.send(
                    new Endpoint(from, PORT), new Endpoint(IpAddress.parse("127.0.0.9"), 9000), bytes, 0, bytes.length);
            sockets.flush();
            return null;
        });
    }

    private List<Endpoint> bind(IpAddress... addresses) throws Exception {
        return onLoop(() -> sockets.bind(List.of(addresses)));
    }

    private <T> T onLoop(Callable<T> step) throws Exception {
        return loop.netty().submit(step).get(10, TimeUnit.SECONDS);
    }
}
