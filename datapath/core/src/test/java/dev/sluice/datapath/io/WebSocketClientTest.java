package dev.sluice.datapath.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server of a few lines, in a network namespace of its own: marking sockets takes its capabilities. */
class WebSocketClientTest {
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;

    private final WebSocketEventLog events = new WebSocketEventLog();
    private PrivateNetwork network;
    private EventLoop loop;
    private WebSocketClient client;
    private ServerSocket server;

    @BeforeEach
    void open() throws Exception {
        network = PrivateNetwork.create();
        loop = network.run(() -> {
            EventLoop made = new EventLoop("sockets");
            made.netty().submit(() -> {}).get();
            return made;
        });
        server = network.run(() -> new ServerSocket(13001, 5, InetAddress.getByName("127.0.0.1")));
        server.setSoTimeout(10_000);
        client = loop.netty()
                .submit(() -> new WebSocketClient(loop.netty(), null, events))
                .get();
    }

    @AfterEach
    void close() throws Exception {
        if (network != null) {
            loop.netty().submit(() -> client.close()).get();
            server.close();
            loop.close();
            network.close();
        }
    }

    @Test
    void shouldSendItsHeadersAndOpen() throws Exception {
        connect(1);
        try (AcceptedWebSocket accepted = accept()) {
            assertThat(accepted.request())
                    .startsWith("GET /client/websocket?sluice=1 HTTP/1.1")
                    .containsIgnoringCase("x-authorization: Bearer secret")
                    .containsIgnoringCase("sec-websocket-version: 13")
                    .doesNotContainIgnoringCase("origin:")
                    .doesNotContainIgnoringCase("sec-websocket-extensions");
            accepted.upgrade();

            assertThat(next()).isEqualTo("opened 1");
        }
    }

    /** What is written into such a socket is lost, and nobody says so for half a minute. */
    @Test
    void shouldEndASocketWhoseOwnAddressIsGone() throws Exception {
        network.ip("addr add 10.9.9.9/32 dev lo");
        network.ip("route replace local 127.0.0.1 dev lo table local src 10.9.9.9");
        connect(1);
        try (AcceptedWebSocket accepted = accept()) {
            accepted.upgrade();
            assertThat(next()).isEqualTo("opened 1");
            strand();
            network.ip("route replace local 127.0.0.1 dev lo table local src 127.0.0.1");
            network.ip("addr del 10.9.9.9/32 dev lo");
            strand();

            assertThat(next()).isEqualTo("closed 1 this host's address has changed");
        }
    }

    private void strand() throws Exception {
        loop.netty().submit(() -> client.closeStranded()).get();
    }

    @Test
    void shouldLookUpTheNameOfThePortal() throws Exception {
        connect(1, "localhost");
        try (AcceptedWebSocket accepted = accept()) {
            accepted.upgrade();

            assertThat(next()).isEqualTo("opened 1");
        }
    }

    @Test
    void shouldReportThatANameIsUnknown() throws Exception {
        connect(1, "portal.invalid");

        assertThat(next()).startsWith("closed 1 the portal's name cannot be looked up");
    }

    @Test
    void shouldMarkItsSocket() throws Exception {
        connect(1);
        try (AcceptedWebSocket accepted = accept()) {
            accepted.upgrade();
            assertThat(next()).isEqualTo("opened 1");

            assertThat(network.command("ss -H -t -n -e -m 'dport = :13001'")).contains("fwmark:0x51c3");
        }
    }

    @Test
    void shouldCarryTextBothWays() throws Exception {
        connect(1);
        try (AcceptedWebSocket accepted = accept()) {
            accepted.upgrade();
            assertThat(next()).isEqualTo("opened 1");

            accepted.send(TEXT, "from the portal");
            assertThat(next()).isEqualTo("text 1 from the portal");
            loop.execute(now -> client.send(1, "to the portal"));
            assertThat(accepted.receive()).isEqualTo("to the portal");
        }
    }

    @Test
    void shouldPutTogetherAMessageThatComesInParts() throws Exception {
        connect(1);
        try (AcceptedWebSocket accepted = accept()) {
            accepted.upgrade();
            assertThat(next()).isEqualTo("opened 1");

            accepted.send(0x01, "one, ");
            accepted.send(0x00, "two, ");
            accepted.send(0x80, "three");

            assertThat(next()).isEqualTo("text 1 one, two, three");
        }
    }

    @Test
    void shouldAnswerAPing() throws Exception {
        connect(1);
        try (AcceptedWebSocket accepted = accept()) {
            accepted.upgrade();
            accepted.send(PING, "abc");

            assertThat(accepted.receive()).isEqualTo("abc");
        }
    }

    @Test
    void shouldReportARefusalWithItsReason() throws Exception {
        connect(1);
        try (AcceptedWebSocket accepted = accept()) {
            accepted.answer("HTTP/1.1 401 Unauthorized\r\nSluice-Reason: token_expired\r\nContent-Length: 0\r\n\r\n");

            assertThat(next()).isEqualTo("refused 1 401 null token_expired");
        }
        assertThat(events.isEmpty()).isTrue();
    }

    @Test
    void shouldReportWhenToComeAgain() throws Exception {
        connect(1);
        try (AcceptedWebSocket accepted = accept()) {
            accepted.answer("HTTP/1.1 503 Unavailable\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nbusy");

            assertThat(next()).isEqualTo("refused 1 503 7 null");
        }
    }

    @Test
    void shouldReportTheEndOfASocket() throws Exception {
        connect(1);
        try (AcceptedWebSocket accepted = accept()) {
            accepted.upgrade();
            assertThat(next()).isEqualTo("opened 1");
        }

        assertThat(next()).startsWith("closed 1");
    }

    @Test
    void shouldReportTheServersClose() throws Exception {
        connect(1);
        try (AcceptedWebSocket accepted = accept()) {
            accepted.upgrade();
            assertThat(next()).isEqualTo("opened 1");
            accepted.send(CLOSE, "");

            assertThat(next()).startsWith("closed 1 the portal closed the socket");
        }
    }

    @Test
    void shouldReportThatNobodyListens() throws Exception {
        server.close();

        connect(1);

        assertThat(next()).startsWith("closed 1 the portal cannot be reached");
    }

    @Test
    void shouldSayNothingOfASocketThatWasClosedHere() throws Exception {
        connect(1);
        try (AcceptedWebSocket accepted = accept()) {
            accepted.upgrade();
            assertThat(next()).isEqualTo("opened 1");
            loop.execute(now -> client.close(1));
            accepted.awaitEnd();
        }
        connect(2);
        try (AcceptedWebSocket accepted = accept()) {
            accepted.upgrade();

            assertThat(next()).isEqualTo("opened 2");
        }
    }

    private void connect(int socket) {
        connect(socket, "127.0.0.1");
    }

    private void connect(int socket, String host) {
        URI url = URI.create("ws://" + host + ":13001/client/websocket?sluice=1");
        loop.execute(now -> client.connect(socket, url, Map.of("X-Authorization", "Bearer secret")));
    }

    private String next() throws InterruptedException {
        return events.next();
    }

    private AcceptedWebSocket accept() throws IOException {
        return new AcceptedWebSocket(server.accept());
    }
}
