package dev.sluice.datapath.simulation;

import dev.sluice.channel.Decoded;
import dev.sluice.channel.Frame;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.portal.ChannelStatus;
import dev.sluice.datapath.portal.MessageEncoder;
import dev.sluice.datapath.portal.PortalChannel;
import dev.sluice.datapath.portal.PortalClock;
import dev.sluice.datapath.portal.PortalDown;
import dev.sluice.datapath.portal.PortalLogin;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A device's channel with simulated sockets under it. What it hears goes to the device at once. */
final class PortalLine<I, O> {
    /** The device above. */
    interface Device<I> {
        void up();

        void down(PortalDown why);

        void newEpoch();

        void received(I message, @Nullable SluiceExtra extra);
    }

    private final World world;
    private final UUID device;
    private final PortalChannel<I, O> channel;
    private final Alarm alarm;
    private final Map<Integer, PortalSocket> sockets = new HashMap<>();

    PortalLine(
            World world,
            UUID device,
            PortalLogin login,
            Function<Frame, Decoded<I>> decoder,
            MessageEncoder<O> encoder,
            Device<I> above) {
        this.world = world;
        this.device = device;
        this.channel = new PortalChannel<>(
                login,
                decoder,
                encoder,
                world.random(),
                world.timeline().clock(),
                new PortalClock(world.timeline().clock()),
                new Output(above));
        this.alarm =
                new Alarm(login.name() + "'s channel", world.timeline(), channel::nextTimeout, channel::handleTimeout);
    }

    void start() {
        channel.start(world.now());
        alarm.rearm();
    }

    void send(O message) {
        channel.send(message);
        alarm.rearm();
    }

    void token(String token) {
        channel.token(token, world.now());
        alarm.rearm();
    }

    /** Closes the socket in order. */
    void stop() {
        channel.stop();
        alarm.off();
    }

    /** The host's address is gone: the sockets are of no use any more, and the device ends them. */
    void strand() {
        for (int number : List.copyOf(sockets.keySet())) {
            sockets.get(number).strand();
            closed(number);
        }
    }

    /** The process dies: the kernel closes the sockets. */
    void die() {
        alarm.off();
        sockets.values().forEach(PortalSocket::closeByDevice);
    }

    ChannelStatus status() {
        return channel.status();
    }

    // What the portal does to it.

    void opened(int number, PortalSocket socket) {
        sockets.put(number, socket);
        channel.handleOpen(number, null, world.now());
        alarm.rearm();
    }

    void refused(int number, int status, @Nullable String reason) {
        channel.handleRefused(number, status, null, reason, world.now());
        alarm.rearm();
    }

    void text(int number, String text) {
        channel.handleText(number, text, world.now());
        alarm.rearm();
    }

    void closed(int number) {
        sockets.remove(number);
        channel.handleClosed(number, world.now());
        alarm.rearm();
    }

    private final class Output implements PortalChannel.Output<I> {
        private final Device<I> above;

        Output(Device<I> above) {
            this.above = above;
        }

        @Override
        public void connect(int socket, URI url, Map<String, String> headers) {
            world.portal().connect(device, PortalLine.this, socket, url, headers);
        }

        @Override
        public void send(int socket, String text) {
            PortalSocket open = sockets.get(socket);
            if (open != null) {
                open.toPortal(text);
            }
        }

        @Override
        public void close(int socket) {
            PortalSocket open = sockets.remove(socket);
            if (open != null) {
                open.closeByDevice();
            }
        }

        @Override
        public void up() {
            above.up();
        }

        @Override
        public void down(PortalDown why) {
            above.down(why);
        }

        @Override
        public void newEpoch() {
            above.newEpoch();
        }

        @Override
        public void received(I message, @Nullable SluiceExtra extra) {
            above.received(message, extra);
        }
    }
}
