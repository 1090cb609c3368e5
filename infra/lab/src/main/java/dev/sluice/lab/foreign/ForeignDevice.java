package dev.sluice.lab.foreign;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.peer.WireIdentity;
import dev.sluice.peer.WirePeer;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A device that comes again, to any of several portals, whenever its connection ends. Everything is on its loop. */
abstract class ForeignDevice {
    private static final int PAUSE_MILLIS = 500;

    private final EventLoop loop;
    private final List<URI> portals;
    private final WireIdentity identity;
    private final RandomGenerator random;
    private @Nullable WirePeer peer;
    private boolean over;

    ForeignDevice(EventLoop loop, List<URI> portals, WireIdentity identity, RandomGenerator random) {
        this.loop = loop;
        this.portals = portals;
        this.identity = identity;
        this.random = random;
    }

    /** Has been told the state at its join, and hears of what follows. */
    final boolean isJoined() {
        return peer != null;
    }

    /** Whether it is of Sluice's make. */
    final boolean isOurs() {
        return identity.ours();
    }

    final String externalId() {
        return identity.externalId();
    }

    final void connect() {
        if (over) {
            return;
        }
        URI portal = portals.get(random.nextInt(portals.size()));
        WirePeer.connect(
                loop, URI.create(portal + "/" + identity.topic() + "/websocket"), identity, this::text, seconds -> {
                    peer = null;
                    if (!loop.isShuttingDown()) {
                        long pause = TimeUnit.SECONDS.toMillis(seconds) + random.nextInt(PAUSE_MILLIS);
                        loop.schedule(this::connect, pause, TimeUnit.MILLISECONDS);
                    }
                });
    }

    /** Its process ends and another begins. */
    final void restart() {
        forget();
        if (peer != null) {
            peer.close();
        }
    }

    /** Lets go what a process has in memory. */
    void forget() {}

    final void close() {
        over = true;
        if (peer != null) {
            peer.close();
        }
    }

    /** Sends an event of its topic, unless it is not connected. */
    final void send(String event, String payload) {
        if (peer != null) {
            peer.send(event, payload);
        }
    }

    /** Takes what the portal pushes. */
    abstract void received(String event, JsonNode payload);

    private void text(WirePeer from, String text) {
        Frame frame = FrameCodec.decode(text).orElseThrow();
        if (frame.event().equals(Frame.INIT)) {
            peer = from;
        }
        received(frame.event(), frame.payload());
    }
}
