package dev.sluice.datapath.simulation;

import dev.sluice.channel.InvalidateIceCandidates;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.portal.ChannelStatus;
import dev.sluice.datapath.portal.DeviceCore;
import dev.sluice.datapath.portal.PortalDown;
import dev.sluice.datapath.portal.PortalLogin;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.Coalescing;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wireguard.KeyPair;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A process that runs a device on a host of its own: it starts with a new key, stops in order or is killed, and hears
 * the network, the portal and the clock.
 *
 * @param <I> what the portal says to it
 * @param <O> what it says to the portal
 * @param <C> the device
 */
abstract class SimulatedDevice<I, O, C extends DeviceCore<I, O>> implements PortalLine.Device<I>, DeviceCore.Output<O> {
    private static final int PORT = 52625;

    private final World world;
    private final UUID id;
    private final String name;
    private final PortalLogin.Role role;
    private final String userAgent;
    private Endpoint endpoint;
    private C core;
    private PortalLine<I, O> line;
    private Alarm alarm;
    private @Nullable TunnelSettings tunnel;
    private boolean initialised;
    private boolean running;
    private @Nullable LastingPath path;

    SimulatedDevice(World world, UUID id, String name, String address, PortalLogin.Role role, String userAgent) {
        this.world = world;
        this.id = id;
        this.name = name;
        this.role = role;
        this.userAgent = userAgent;
        this.endpoint = endpointAt(address);
    }

    /** The device with these keys, which speaks through this. */
    abstract C create(KeyPair keys);

    /** The line to the portal of a new process. */
    abstract PortalLine<I, O> line(PortalLogin login);

    /** Whether this is the portal's snapshot. */
    abstract boolean isInit(I message);

    /** Starts the process, with a new key, unless it runs. */
    final void start() {
        if (running) {
            return;
        }
        KeyPair keys = KeyPair.generate(world.random());
        core = create(keys);
        alarm = new Alarm(name, world.timeline(), core::nextTimeout, core::handleTimeout);
        initialised = false;
        running = true;
        line = line(new PortalLogin(
                URI.create("wss://portal/"),
                role,
                id.toString(),
                name,
                keys.publicKey().base64(),
                token(),
                userAgent));
        attach();
        line.start();
        alarm.rearm();
    }

    /** The process is killed: nobody is told. */
    final void kill() {
        if (running) {
            vanish();
            line.die();
        }
    }

    /** The process stops in order. */
    final void stop() {
        if (running) {
            core.close(world.now());
            line.stop();
            vanish();
        }
    }

    /** The host gets another address. */
    final void roam(String address) {
        world.network().detach(endpoint);
        endpoint = endpointAt(address);
        if (running) {
            attach();
            line.strand();
            alarm.rearm();
        }
    }

    /** From now on it is of another make, which leaves a path only when its peer takes the address back. */
    final void stayOnPaths() {
        path = new LastingPath();
    }

    final World world() {
        return world;
    }

    final UUID id() {
        return id;
    }

    final String name() {
        return name;
    }

    final C core() {
        return core;
    }

    final String token() {
        return "token-" + id;
    }

    final void token(String token) {
        line.token(token);
    }

    final boolean isUp() {
        return initialised && line.status().state() == ChannelStatus.State.UP;
    }

    final boolean isRunning() {
        return running;
    }

    final @Nullable TunnelSettings tunnel() {
        return tunnel;
    }

    final ChannelStatus.State portal() {
        return line.status().state();
    }

    /** The host's kernel routes a packet into the TUN device. */
    final void fromHost(byte[] bytes) {
        if (running) {
            core.handleTun(bytes, 0, bytes.length, 0, world.now());
            alarm.rearm();
        }
    }

    @Override
    public void up() {
        core.handlePortalUp(world.now());
        alarm.rearm();
    }

    @Override
    public void down(PortalDown why) {
        core.handlePortalDown(why, world.now());
        alarm.rearm();
    }

    @Override
    public void newEpoch() {
        core.handleNewEpoch();
    }

    @Override
    public void received(I message, @Nullable SluiceExtra extra) {
        if (path != null && message instanceof InvalidateIceCandidates gone) {
            path.takenBack(gone.candidates());
        }
        initialised |= isInit(message);
        core.handlePortal(message, extra, world.now());
        alarm.rearm();
    }

    @Override
    public final void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
        Endpoint target = path == null ? remote : path.follow(remote, buffer, offset, length);
        world.network().send(local, target, buffer, offset, length);
    }

    @Override
    public void toPortal(O message) {
        line.send(message);
    }

    @Override
    public final void configure(TunnelSettings settings) {
        tunnel = settings;
    }

    private void vanish() {
        running = false;
        world.network().detach(endpoint);
        alarm.off();
    }

    private void attach() {
        C attached = core;
        attached.coalesce(Coalescing.STREAMS_AND_DATAGRAMS);
        world.network().attach(name, endpoint, (local, remote, datagram) -> {
            attached.handleDatagram(local, remote, datagram, 0, datagram.length, world.now());
            attached.endBatch(world.now());
            alarm.rearm();
        });
        core.setLocalEndpoints(List.of(endpoint), world.now());
    }

    private static Endpoint endpointAt(String address) {
        return new Endpoint(IpAddress.parse(address), PORT);
    }
}
