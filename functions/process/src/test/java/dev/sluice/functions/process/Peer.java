package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client or gateway as a portal in another process sees it: a socket and frames as text. */
final class Peer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String topic;
    private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final WebSocket socket;
    private int ref;

    private Peer(String topic, int port, String token) {
        this.topic = topic;
        String component = topic.equals("client") ? "headless-client/1.5.4" : "gateway/1.4.17";
        byte[] key = new byte[32];
        key[0] = (byte) topic.length();
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("User-Agent", "Linux/6.1 " + component + " (x86_64; 6.1) sluice/test")
                .header("X-Authorization", "Bearer " + token)
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + port + "/" + topic + "/websocket?sluice=1&external_id=" + topic
                                + "&name=" + topic + "&public_key="
                                + Base64.getEncoder()
                                        .encodeToString(key)
                                        .replace("+", "%2B")
                                        .replace("/", "%2F")
                                        .replace("=", "%3D")),
                        new Receiver())
                .join();
    }

    /** Connects, joins, and returns with the snapshot received. */
    static Peer join(String topic, int port, String token) throws InterruptedException {
        Peer peer = new Peer(topic, port, token);
        peer.send("phx_join", "null");
        peer.await("init");
        return peer;
    }

    void send(String event, String payload) {
        String frame = "{\"topic\":\"" + topic + "\",\"event\":\"" + event + "\",\"payload\":" + payload + ",\"ref\":"
                + ref++ + "}";
        socket.sendText(frame, true).join();
    }

    JsonNode next() throws InterruptedException {
        JsonNode frame = frames.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(frame).as("a frame after %s", events).isNotNull();
        return frame;
    }

    /** The next frame of this event; those before it are passed over. */
    JsonNode await(String event) throws InterruptedException {
        for (JsonNode frame = next(); ; frame = next()) {
            if (frame.path("event").asText().equals(event)) {
                return frame;
            }
        }
    }

    /** Every event that arrived. */
    List<String> events() {
        return List.copyOf(events);
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Receiver implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    JsonNode frame = JSON.readTree(text.toString());
                    events.add(frame.path("event").asText());
                    frames.add(frame);
                } catch (JsonProcessingException e) {
                    throw new IllegalStateException(e);
                }
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}
