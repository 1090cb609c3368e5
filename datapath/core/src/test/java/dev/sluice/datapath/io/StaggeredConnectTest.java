package dev.sluice.datapath.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StaggeredConnectTest {
    private PrivateNetwork network;
    private EventLoop loop;

    @BeforeEach
    void start() throws Exception {
        network = PrivateNetwork.create();
        loop = network.run(() -> {
            EventLoop inside = new EventLoop("test");
            inside.netty().submit(() -> {}).get();
            return inside;
        });
    }

    @AfterEach
    void stop() {
        loop.close();
        network.close();
    }

    @Test
    void shouldTakeTurnsBetweenTheFamilies() {
        assertThat(StaggeredConnect.inTurns(addresses("192.0.2.1", "192.0.2.2", "2001:db8::1", "192.0.2.3")))
                .isEqualTo(addresses("192.0.2.1", "2001:db8::1", "192.0.2.2", "192.0.2.3"));
    }

    /** Nobody answers there, not even that nobody is there. */
    @Test
    void shouldNotWaitForAddressesThatAreSilent() throws Exception {
        LinuxTunDevice silence = network.run(() -> LinuxTunDevice.open("silence", 1500));
        network.ip("addr add 192.0.2.254/24 dev silence");
        network.ip("link set silence up");
        try (ServerSocket server = network.run(() -> new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1")))) {
            List<InetAddress> addresses = new ArrayList<>();
            for (int i = 1; i <= 7; i++) {
                addresses.add(InetAddress.ofLiteral("192.0.2." + i));
            }
            addresses.add(InetAddress.ofLiteral("127.0.0.1"));

            Channel winner = connect(addresses, server.getLocalPort()).get(30, TimeUnit.SECONDS);

            assertThat(((InetSocketAddress) winner.remoteAddress()).getAddress().isLoopbackAddress())
                    .isTrue();
        } finally {
            silence.close();
        }
    }

    @Test
    void shouldSayWhyTheLastOneFailed() throws Exception {
        CompletableFuture<Channel> result = connect(addresses("127.0.0.1", "127.0.0.2"), 9);

        assertThat(result)
                .failsWithin(30, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("refused");
    }

    private CompletableFuture<Channel> connect(List<InetAddress> addresses, int port) {
        CompletableFuture<Channel> result = new CompletableFuture<>();
        loop.netty()
                .execute(() -> new StaggeredConnect(
                        loop.netty(), addresses, port, result::complete, result::completeExceptionally));
        return result;
    }

    private static List<InetAddress> addresses(String... literals) {
        return Stream.of(literals).map(InetAddress::ofLiteral).toList();
    }
}
