package dev.sluice.functions.process;

import dev.sluice.functions.job.ScheduledJob;
import dev.sluice.functions.job.ScheduledJobs;
import dev.sluice.functions.stream.DeviceChannel;
import dev.sluice.functions.stream.DeviceChannels;
import dev.sluice.functions.stream.StreamSettings;
import io.quarkus.websockets.next.WebSocketConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The open sockets of this process, joined or not. */
@ApplicationScoped
public class Sockets implements ScheduledJobs {
    record Open(SocketConnection connection, DeviceChannel channel) {}

    private static final Logger LOG = Logger.getLogger(Sockets.class);

    private final DeviceChannels channels;
    private final StreamSettings settings;
    private final Map<String, Open> open = new ConcurrentHashMap<>();

    @Inject
    public Sockets(DeviceChannels channels, StreamSettings settings) {
        this.channels = channels;
        this.settings = settings;
    }

    /** A socket has opened; its first message may be faster than this. */
    void opened(WebSocketConnection socket) {
        find(socket);
    }

    /** Runs on the event loop. */
    void received(WebSocketConnection socket, String text) {
        var device = find(socket);
        if (device != null) {
            device.channel().receive(text, System.nanoTime());
        }
    }

    void closed(WebSocketConnection socket) {
        var device = open.remove(socket.id());
        if (device != null) {
            device.channel().closed();
        }
    }

    /** The wire failed: by a text that is too long, for instance, of which the rest is skipped. */
    void failed(WebSocketConnection socket, Throwable failure) {
        LOG.debugf("a socket of %s broke: %s", socket.endpointId(), failure.toString());
        var device = open.get(socket.id());
        if (!socket.isClosed() && device != null) {
            device.channel().unreadable();
        }
    }

    private @Nullable Open find(WebSocketConnection socket) {
        var box = socket.userData().get(UpgradeCheck.DEVICE);
        if (box == null || socket.isClosed()) {
            return null;
        }
        return open.computeIfAbsent(socket.id(), id -> {
            var connection = new SocketConnection(socket);
            return new Open(connection, channels.open(box.device(), connection));
        });
    }

    @Override
    public List<ScheduledJob> jobs() {
        return List.of(ScheduledJob.every(settings.beat(), "sockets", () -> closeIdle(System.nanoTime())));
    }

    /** Closes the sockets that have been silent for too long, and ends those that could not be closed. */
    void closeIdle(long now) {
        for (var device : open.values()) {
            device.channel().closeIfIdle(now);
            device.connection().cutIfStuck(now);
        }
    }

    /** The open sockets, for tests. */
    Iterable<Open> all() {
        return open.values();
    }
}
