package dev.sluice.functions.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A device with a real socket, as far as the portal can tell. */
public final class SocketPeer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What a device shows at its handshake. */
    public record Identity(String role, String version, String token, String externalId, String key, boolean own) {
        public Identity(String role, String token, String externalId, String key, boolean own) {
            this(role, "", token, externalId, key, own);
        }

        /** The same, by the paths since 2026-07. */
        public Identity second() {
            return new Identity(role, "/v2", token, externalId, key, own);
        }

        public Identity with(String otherToken) {
            return new Identity(role, version, otherToken, externalId, key, own);
        }
    }

    private final String topic;
    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private final List<String> texts = new ArrayList<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final WebSocket socket;
    private volatile boolean reading = true;
    private long ref;
    /** How many of the texts were taken. */
    private int read;

    private SocketPeer(URI base, Identity identity) {
        this.topic = identity.role();
        this.socket = builder(identity)
                .buildAsync(uri(base, identity), new WebSocket.Listener() {
                    private final StringBuilder text = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        text.append(data);
                        if (last) {
                            synchronized (texts) {
                                texts.add(text.toString());
                            }
                            frames.add(FrameCodec.decode(text.toString()).orElseThrow());
                            text.setLength(0);
                        }
                        if (reading) {
                            socket.request(1);
                        }
                        return CompletableFuture.completedFuture(null);
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                        closed.complete(reason);
                        return CompletableFuture.completedFuture(null);
                    }

                    @Override
                    public void onError(WebSocket socket, Throwable error) {
                        closed.complete(String.valueOf(error.getMessage()));
                    }

                    @Override
                    public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
                        throw new AssertionError("the server pinged");
                    }
                })
                .join();
    }

    public static SocketPeer connect(URI base, Identity identity) {
        return new SocketPeer(base, identity);
    }

    /** A peer that has joined and holds its snapshot. */
    public static SocketPeer join(URI base, Identity identity) throws InterruptedException {
        var peer = connect(base, identity);
        peer.send(FrameCodec.encode(Frame.join(peer.topic, peer.ref++)));
        var reply = peer.next();
        assertThat(reply.isOk()).as("%s", reply).isTrue();
        assertThat(peer.next().event()).isEqualTo("init");
        return peer;
    }

    /** The answer to a handshake that is refused. */
    public static HttpResponse<?> refused(URI base, String path, String userAgent) {
        try {
            HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .header("User-Agent", userAgent)
                    .buildAsync(URI.create("ws" + base.toString().substring(4) + path), new WebSocket.Listener() {})
                    .join()
                    .abort();
            throw new AssertionError("the handshake passed");
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse();
        }
    }

    public static String path(Identity identity) {
        return "/" + identity.role() + identity.version() + "/websocket?token=" + encode(identity.token())
                + "&external_id="
                + encode(identity.externalId()) + "&name=" + encode(identity.externalId()) + "&public_key="
                + encode(identity.key());
    }

    public void send(String text) {
        socket.sendText(text, true).join();
    }

    /** Sends an event on the own topic and says by which ref. */
    public long send(String event, String payload) {
        long used = ref++;
        send("{\"topic\":\"" + topic + "\",\"event\":\"" + event + "\",\"payload\":" + payload + ",\"ref\":" + used
                + "}");
        return used;
    }

    public Frame next() throws InterruptedException {
        var frame = frames.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(frame).as("a frame, after %s", texts).isNotNull();
        read++;
        return frame;
    }

    /** The next text as it came; null once the connection has ended. */
    public @Nullable String nextText() throws InterruptedException {
        while (true) {
            boolean over = closed.isDone();
            if (frames.poll(over ? 0 : 100, TimeUnit.MILLISECONDS) != null) {
                return texts().get(read++);
            }
            if (over) {
                return null;
            }
        }
    }

    /** The next frame of this event; others before it are passed over. */
    public Frame await(String event) throws InterruptedException {
        return await(frame -> frame.event().equals(event));
    }

    public Frame await(Predicate<Frame> wanted) throws InterruptedException {
        for (var frame = next(); ; frame = next()) {
            if (wanted.test(frame)) {
                return frame;
            }
        }
    }

    /** The words with which the server closed. */
    public String awaitClose() {
        return closed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** From the next frame on what comes stays where it is. */
    public void stopReading() {
        reading = false;
    }

    public List<String> texts() {
        synchronized (texts) {
            return List.copyOf(texts);
        }
    }

    public WebSocket socket() {
        return socket;
    }

    @Override
    public void close() {
        socket.abort();
    }

    private static WebSocket.Builder builder(Identity identity) {
        var component = identity.role().equals("client") ? "headless-client/1.5.4" : "gateway/1.4.17";
        var builder = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("User-Agent", "Linux/6.1 " + component + " (x86_64; 6.1)");
        return identity.own() ? builder.header("X-Authorization", "Bearer " + identity.token()) : builder;
    }

    private static URI uri(URI base, Identity identity) {
        var text = "ws" + base.toString().substring(4) + path(identity);
        return URI.create(identity.own() ? text.replaceFirst("token=[^&]*&", "") + "&sluice=1" : text);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
