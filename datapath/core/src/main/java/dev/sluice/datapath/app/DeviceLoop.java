package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.channel.Decoded;
import dev.sluice.channel.Frame;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.io.DatagramSockets;
import dev.sluice.datapath.io.EventLoop;
import dev.sluice.datapath.io.LinuxDatagramSockets;
import dev.sluice.datapath.io.PacketPump;
import dev.sluice.datapath.io.PortalTrust;
import dev.sluice.datapath.io.SocketMark;
import dev.sluice.datapath.io.TunDevice;
import dev.sluice.datapath.io.WebSocketClient;
import dev.sluice.datapath.portal.ChannelStatus;
import dev.sluice.datapath.portal.DeviceCore;
import dev.sluice.datapath.portal.MessageEncoder;
import dev.sluice.datapath.portal.PortalChannel;
import dev.sluice.datapath.portal.PortalClock;
import dev.sluice.datapath.portal.PortalDown;
import dev.sluice.datapath.portal.PortalLogin;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Everything of a device that belongs to its event loop: the state machine, the channel to the portal, the sockets and
 * the TUN device, joined. An output that is an input of the other machine waits until the present input is done.
 *
 * @param <I> what the portal says
 * @param <O> what the device says
 */
final class DeviceLoop<I, O>
        implements EventLoop.Driven,
                PacketPump.Machine,
                PortalChannel.Output<I>,
                WebSocketClient.Listener,
                DeviceCore.Output<O> {
    private static final System.Logger LOG = System.getLogger(DeviceLoop.class.getName());

    private static final int UNAUTHORIZED = 401;

    /** How a role speaks to the portal. */
    record Language<I, O>(Function<Frame, Decoded<I>> decoder, MessageEncoder<O> encoder) {}

    /** The device itself, and who tells of it. */
    record Machine<I, O>(DeviceCore<I, O> core, DeviceReport report) {}

    private final EventLoop loop;
    private final TunDevice tun;
    private final DatagramSockets sockets;
    private final PacketPump pump;
    private final DeviceCore<I, O> core;
    private final DeviceReport report;
    private final PortalChannel<I, O> channel;
    private final WebSocketClient webSocket;
    private final Consumer<TunnelSettings> configurator;
    private final Queue<EventLoop.Input> waiting = new ArrayDeque<>();
    private final PortalClock portalClock;
    private final SharedId sharedId = new SharedId();
    private final EventHook events;
    private final String remedy;
    private @Nullable String lastTrouble;
    private boolean clocksApart;
    private long tunFailures;

    /**
     * On the loop.
     *
     * @param remedy what helps when the portal takes the token no more
     * @param configurator takes the tunnel's settings, and returns at once
     */
    DeviceLoop(
            EventLoop loop,
            TunDevice tun,
            Configuration configuration,
            @Nullable PortalTrust trust,
            PortalLogin login,
            String remedy,
            Language<I, O> language,
            RandomGenerator random,
            InstantSource clock,
            PortalClock portalClock,
            Function<DeviceCore.Output<O>, Machine<I, O>> factory,
            Consumer<TunnelSettings> configurator) {
        this.loop = loop;
        this.tun = tun;
        this.configurator = configurator;
        this.remedy = remedy;
        this.events = new EventHook(configuration.onEvent());
        this.portalClock = portalClock;
        this.pump = new PacketPump(loop, tun, this);
        this.sockets = new LinuxDatagramSockets(
                loop.netty(), configuration.port(), SocketMark.MARK, configuration.offload(), pump);
        this.webSocket = new WebSocketClient(loop.netty(), trust, this);
        Machine<I, O> machine = factory.apply(this);
        this.core = machine.core();
        core.coalesce(tun.coalescing());
        this.report = machine.report();
        this.channel =
                new PortalChannel<>(login, language.decoder(), language.encoder(), random, clock, portalClock, this);
    }

    void start(Collection<IpAddress> addresses) {
        loop.drive(this);
        setAddresses(addresses);
        channel.start(loop.now());
        pump.start(Termination::deviceLost);
        loop.finish(loop.now());
    }

    /** @return whether every address has a socket now */
    boolean setAddresses(Collection<IpAddress> addresses) {
        // What is written into a connection from an address that is gone would be lost, the peers' news among it.
        webSocket.closeStranded();
        List<Endpoint> endpoints = sockets.bind(addresses);
        LOG.log(System.Logger.Level.DEBUG, () -> "UDP sockets on " + endpoints);
        core.setLocalEndpoints(endpoints, loop.now());
        return endpoints.size() == addresses.size();
    }

    void token(String token, long now) {
        channel.token(token, now);
    }

    /** Says goodbye, and leaves the portal. */
    void close(long now) {
        core.close(now);
        flush();
        channel.stop();
        webSocket.close();
        sockets.close();
    }

    ObjectNode status(long now) {
        ObjectNode status = report.status(now);
        ChannelStatus known = channel.status();
        ObjectNode portal = status.putObject("portal").put("state", StatusJson.word(known.state()));
        PortalDown down = known.down();
        if (down != null) {
            portal.put("reason", StatusJson.word(down.cause()));
            if (down.detail() != null) {
                portal.set("detail", down.detail().toJson());
            }
            if (down.signedOut()) {
                portal.put("remedy", remedy);
            } else if (lastTrouble != null) {
                portal.put("trouble", lastTrouble);
            }
        }
        portalClock.differenceMillis(now).ifPresent(millis -> portal.put("clock_ahead_ms", millis));
        portal.put("connections", known.connections())
                .put("unknown_messages", known.unknown())
                .put("malformed_messages", known.malformed())
                .put("dropped_messages", known.dropped())
                .put("gaps", known.gaps());
        status.putObject("host")
                .put("tun_failures", tunFailures)
                .put("send_failures", sockets.sendFailures())
                .put("input_failures", loop.failures());
        return status;
    }

    List<Metric> metrics() {
        ChannelStatus known = channel.status();
        List<Metric> metrics = new ArrayList<>(report.metrics());
        metrics.add(Metric.of("sluice_portal_up", known.state() == ChannelStatus.State.UP ? 1 : 0));
        metrics.add(Metric.of("sluice_portal_connections_total", known.connections()));
        metrics.add(Metric.of("sluice_portal_messages_unknown_total", known.unknown()));
        metrics.add(Metric.of("sluice_portal_messages_malformed_total", known.malformed()));
        metrics.add(Metric.of("sluice_portal_messages_dropped_total", known.dropped()));
        metrics.add(Metric.of("sluice_portal_messages_missed_total", known.gaps()));
        metrics.add(Metric.of("sluice_tun_failures_total", tunFailures));
        metrics.add(Metric.of("sluice_send_failures_total", sockets.sendFailures()));
        metrics.add(Metric.of("sluice_input_failures_total", loop.failures()));
        return metrics;
    }

    @Override
    public void handleTun(byte[] packet, int offset, int length, int segmentSize, long now) {
        core.handleTun(packet, offset, length, segmentSize, now);
    }

    @Override
    public void handleDatagram(Endpoint local, Endpoint remote, byte[] datagram, int offset, int length, long now) {
        core.handleDatagram(local, remote, datagram, offset, length, now);
    }

    @Override
    public void endBatch(long now) {
        core.endBatch(now);
    }

    @Override
    public void handleTimeout(long now) {
        core.handleTimeout(now);
        channel.handleTimeout(now);
    }

    @Override
    public long nextTimeout() {
        return Math.min(core.nextTimeout(), channel.nextTimeout());
    }

    @Override
    public void flush() {
        EventLoop.Input next = waiting.poll();
        while (next != null) {
            try {
                next.run(loop.now());
            } catch (RuntimeException failure) {
                loop.failed(failure);
            }
            next = waiting.poll();
        }
        sockets.flush();
    }

    @Override
    public void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
        sockets.send(local, remote, buffer, offset, length);
    }

    @Override
    public boolean toTun(byte[] buffer, int offset, int length, int segmentSize) {
        boolean taken = tun.write(buffer, offset, length, segmentSize);
        if (!taken) {
            tunFailures++;
        }
        return taken;
    }

    @Override
    public void toPortal(O message) {
        waiting.add(now -> channel.send(message));
    }

    @Override
    public void configure(TunnelSettings settings) {
        configurator.accept(settings);
    }

    @Override
    public void connect(int socket, URI url, Map<String, String> headers) {
        webSocket.connect(socket, url, headers);
    }

    @Override
    public void send(int socket, String text) {
        webSocket.send(socket, text);
    }

    @Override
    public void close(int socket) {
        webSocket.close(socket);
    }

    @Override
    public void up() {
        lastTrouble = null;
        LOG.log(System.Logger.Level.INFO, "the portal has us");
        events.signedIn();
        waiting.add(core::handlePortalUp);
    }

    @Override
    public void down(PortalDown why) {
        if (why.signedOut()) {
            String reason = why.detail() == null ? "" : why.detail().reason().code();
            LOG.log(
                    System.Logger.Level.WARNING,
                    (reason.isEmpty()
                                    ? "nobody is signed in; "
                                    : "the portal refuses the token (" + reason + "): all access has ended; ")
                            + remedy);
            events.signedOut(reason);
        } else {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    () -> "no channel to the portal: " + StatusJson.word(why.cause())
                            + (lastTrouble == null ? "" : ", " + lastTrouble));
        }
        waiting.add(now -> core.handlePortalDown(why, now));
    }

    @Override
    public void newEpoch() {
        core.handleNewEpoch();
    }

    @Override
    public void received(I message, @Nullable SluiceExtra extra) {
        waiting.add(now -> {
            compareClocks(now);
            core.handlePortal(message, extra, now);
        });
    }

    @Override
    public void opened(int socket, @Nullable Instant date) {
        long now = loop.now();
        channel.handleOpen(socket, date, now);
        loop.finish(now);
    }

    @Override
    public void refused(int socket, int status, @Nullable String retryAfter, @Nullable String reason) {
        if (status != UNAUTHORIZED) {
            trouble("the portal answered " + status + (reason == null ? "" : " " + reason));
        } else if (reason == null) {
            trouble("401 came without the portal's mark, perhaps of a network that wants a sign-in, or of a proxy:"
                    + " what is connected stays so");
        }
        long now = loop.now();
        channel.handleRefused(socket, status, retryAfter, reason, now);
        loop.finish(now);
    }

    @Override
    public void closed(int socket, String why) {
        long now = loop.now();
        trouble(why.endsWith(Frame.REPLACED) && sharedId.replaced(now) ? SharedId.SAID : why);
        channel.handleClosed(socket, now);
        loop.finish(now);
    }

    @Override
    public void text(int socket, String text) {
        long now = loop.now();
        channel.handleText(socket, text, now);
        loop.finish(now);
    }

    /** Said once, and again after they were together. */
    private void compareClocks(long now) {
        boolean apart = portalClock.isApart(now);
        if (apart && !clocksApart) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "this host's clock is "
                            + portalClock.differenceMillis(now).orElse(0) / 1000
                            + " s ahead of the portal's; access ends by the portal's. Set it: timedatectl set-ntp true");
        }
        clocksApart = apart;
    }

    /** Said once, and again when it is another. */
    private void trouble(String what) {
        if (!what.equals(lastTrouble)) {
            lastTrouble = what;
            LOG.log(System.Logger.Level.WARNING, what + "; trying again");
        }
    }
}
