package dev.sluice.functions.stream;

import dev.sluice.functions.device.Device;
import dev.sluice.functions.sql.Transactions;
import io.quarkus.websockets.next.WebSocketConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The open sockets of this instance, joined or not. */
@ApplicationScoped
public class Sockets {
    /** Own peers send a heartbeat each 10 s, those of 2025 each 30 s. */
    static final Duration IDLE_LIMIT = Duration.ofSeconds(45);

    private record Open(SocketConnection connection, DeviceChannel channel, Inbox inbox) {}

    private static final Logger LOG = Logger.getLogger(Sockets.class);

    private final Transactions transactions;
    private final Channels channels;
    private final Snapshots snapshots;
    private final Wake wake;
    private final ChannelMetrics metrics;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Open> open = new ConcurrentHashMap<>();

    @Inject
    public Sockets(
            Transactions transactions, Channels channels, Snapshots snapshots, Wake wake, ChannelMetrics metrics) {
        this.transactions = transactions;
        this.channels = channels;
        this.snapshots = snapshots;
        this.wake = wake;
        this.metrics = metrics;
    }

    /** A socket has opened; its first message may be faster than this. */
    void opened(WebSocketConnection socket, DeviceChannel.Requests requests) {
        find(socket, requests);
    }

    /** Runs on the event loop. */
    void received(WebSocketConnection socket, DeviceChannel.Requests requests, String text) {
        var device = find(socket, requests);
        if (device != null) {
            device.channel().heard(System.nanoTime());
            if (!device.channel().answersHeartbeat(text) && !device.inbox().offer(text)) {
                device.channel().close("too many messages");
            }
        }
    }

    void closed(WebSocketConnection socket) {
        var device = open.remove(socket.id());
        if (device != null) {
            device.inbox().close();
            device.channel().closed();
        }
    }

    private @Nullable Open find(WebSocketConnection socket, DeviceChannel.Requests requests) {
        var box = socket.userData().get(Handshake.DEVICE);
        if (box == null || socket.isClosed()) {
            return null;
        }
        return open.computeIfAbsent(socket.id(), id -> open(socket, box.device(), requests));
    }

    private Open open(WebSocketConnection socket, Device device, DeviceChannel.Requests requests) {
        var connection = new SocketConnection(socket);
        var channel = new DeviceChannel(
                device, connection, transactions, channels, snapshots, wake, requests, metrics, System.nanoTime());
        return new Open(
                connection,
                channel,
                new Inbox(threads, texts -> channel.handle(texts, failure -> failed(socket, failure))));
    }

    /** A failure ends what was asked and not the connection; a device that never joined could wait for ever, and is closed. */
    void failed(WebSocketConnection socket, Throwable failure) {
        if (socket.isClosed()) {
            LOG.debugf("a socket of %s broke: %s", socket.endpointId(), failure.toString());
            return;
        }
        LOG.warnf("a message of %s could not be handled: %s", socket.endpointId(), failure.toString());
        LOG.debug("the failure", failure);
        var device = open.get(socket.id());
        if (device != null && !device.channel().joined()) {
            device.channel().close("try again");
        }
    }

    /** Closes the sockets that have been silent for too long, and ends those that could not be closed. */
    void closeIdle(long now) {
        for (var device : open.values()) {
            if (now - device.channel().heardAt() > IDLE_LIMIT.toNanos()) {
                device.channel().close("idle");
            }
            device.connection().cutIfStuck(now);
        }
    }

    /** How many sockets are open. */
    public int count() {
        return open.size();
    }
}
