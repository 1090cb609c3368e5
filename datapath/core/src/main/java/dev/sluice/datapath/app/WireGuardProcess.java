package dev.sluice.datapath.app;

import dev.sluice.datapath.io.Clocks;
import dev.sluice.datapath.io.EventLoop;
import dev.sluice.datapath.io.InterfaceAddresses;
import dev.sluice.datapath.io.LinuxDatagramSockets;
import dev.sluice.datapath.io.LinuxTunDevice;
import dev.sluice.datapath.io.PacketPump;
import dev.sluice.datapath.io.SocketMark;
import dev.sluice.datapath.io.TunDevice;
import dev.sluice.datapath.io.TunUnavailableException;
import dev.sluice.datapath.io.route.HostRoutesException;
import dev.sluice.datapath.io.route.HostWatch;
import dev.sluice.datapath.io.route.KernelHostRoutes;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wireguard.Device;
import dev.sluice.datapath.wireguard.Timing;
import dev.sluice.datapath.wireguard.WireGuardConfig;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A plain WireGuard device with its TUN device and sockets. */
final class WireGuardProcess implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WireGuardProcess.class.getName());
    private static final IpAddress ANY_IPV4 = IpAddress.parse("0.0.0.0");
    private static final IpAddress ANY_IPV6 = IpAddress.parse("::");

    private final EventLoop loop = new EventLoop("wireguard");
    private final TunDevice tun;
    private final HostWorker host;
    private final HostWatch hostWatch;

    private WireGuardProcess(TunDevice tun, KernelHostRoutes routes) throws HostRoutesException {
        this.tun = tun;
        this.host = new HostWorker(routes);
        this.hostWatch = HostWatch.start(tun.name(), routes, host::lookSoon);
    }

    /** @param outside what a default route is to leave to the host's own routes */
    static WireGuardProcess start(
            WireGuardConfig config, @Nullable String interfaceName, List<IpPrefix> outside, Timing timing)
            throws TunUnavailableException, HostRoutesException {
        TunDevice tun = LinuxTunDevice.open(interfaceName, config.mtu());
        Thread warmUp = WarmUp.inBackground();
        int mark = config.mark() == 0 ? SocketMark.MARK : config.mark();
        KernelHostRoutes routes = KernelHostRoutes.open(tun.name(), mark);
        WireGuardProcess process = new WireGuardProcess(tun, routes);
        try {
            warmUp.join();
            CompletableFuture.runAsync(() -> process.run(config, mark, timing), process.loop.netty())
                    .join();
            WireGuardRoutes settings = WireGuardRoutes.of(config, outside);
            process.host.configureNow(settings.settings());
            routes.notes().forEach(note -> LOG.log(System.Logger.Level.WARNING, note));
            settings.warnings().forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));
        } catch (InterruptedException stopped) {
            process.close();
            throw CommandFailedException.refused("interrupted while starting");
        } catch (HostRoutesException refused) {
            process.close();
            throw refused;
        } catch (CompletionException failed) {
            process.close();
            if (failed.getCause() instanceof CommandFailedException refused) {
                throw refused;
            }
            throw failed;
        }
        LOG.log(
                System.Logger.Level.INFO,
                () -> tun.name() + " is up with " + config.peers().size() + " peers");
        return process;
    }

    @Override
    public void close() {
        hostWatch.close();
        host.close();
        loop.close();
        tun.close();
    }

    private void run(WireGuardConfig config, int mark, Timing timing) {
        Assembly assembly = new Assembly(config, mark, timing);
        loop.drive(assembly);
        assembly.pump.start(Termination::deviceLost);
        assembly.names.start();
        host.watch(() -> {
            Set<IpAddress> present = InterfaceAddresses.all();
            loop.execute(now -> assembly.forgetLocals(present));
        });
    }

    /** The state machine between pump and sockets. All on the loop. */
    private final class Assembly implements EventLoop.Driven, PacketPump.Machine, Device.Output {
        private final PacketPump pump = new PacketPump(loop, tun, this);
        private final LinuxDatagramSockets sockets;
        private final @Nullable Endpoint ipv4;
        private final @Nullable Endpoint ipv6;
        private final Device device;
        private final PeerNames names;

        Assembly(WireGuardConfig config, int mark, Timing timing) {
            sockets = new LinuxDatagramSockets(loop.netty(), config.listenPort(), mark, true, pump);
            List<Endpoint> bound = sockets.bind(Stream.of(ANY_IPV4, ANY_IPV6).toList());
            for (Endpoint endpoint : bound) {
                if (config.listenPort() != 0 && endpoint.port() != config.listenPort()) {
                    throw CommandFailedException.refused("UDP port " + config.listenPort()
                            + " is taken; stop its owner or choose another ListenPort");
                }
            }
            ipv4 = find(bound, ANY_IPV4);
            ipv6 = find(bound, ANY_IPV6);
            device = new Device(config, timing, new SecureRandom(), Clocks.wall(), this, loop.now());
            names = new PeerNames(config, loop, mark, bound, device);
            bound.forEach(endpoint -> LOG.log(System.Logger.Level.INFO, () -> "listening on UDP " + endpoint.port()));
        }

        @Override
        public void handleTun(byte[] packet, int offset, int length, int segmentSize, long now) {
            device.handlePacket(packet, offset, length, now);
        }

        @Override
        public void handleDatagram(Endpoint local, Endpoint remote, byte[] datagram, int offset, int length, long now) {
            device.handleDatagram(local, remote, datagram, offset, length, now);
        }

        @Override
        public void endBatch(long now) {
            // Nothing is put together here.
        }

        @Override
        public void handleTimeout(long now) {
            device.handleTimeout(now);
        }

        @Override
        public long nextTimeout() {
            return device.nextTimeout();
        }

        @Override
        public void flush() {
            sockets.flush();
        }

        @Override
        public void transmit(@Nullable Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
            Endpoint any = remote.address().isIpv4() ? ipv4 : ipv6;
            Endpoint from = local != null
                            && local.address().version() == remote.address().version()
                    ? local
                    : any;
            if (from != null) {
                sockets.send(from, remote, buffer, offset, length);
            }
        }

        /** A peer that was answered from an address which is gone is answered from any. */
        void forgetLocals(Set<IpAddress> present) {
            device.forgetLocals(local -> !present.contains(local.address()));
        }

        @Override
        public void deliver(byte[] buffer, int offset, int length) {
            tun.write(buffer, offset, length, 0);
        }

        private static @Nullable Endpoint find(List<Endpoint> bound, IpAddress address) {
            return bound.stream()
                    .filter(endpoint -> endpoint.address().equals(address))
                    .findFirst()
                    .orElse(null);
        }
    }
}
