package dev.sluice.datapath.app;

import dev.sluice.datapath.io.EventLoop;
import dev.sluice.datapath.io.MarkedResolver;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wireguard.Device;
import dev.sluice.datapath.wireguard.EndpointName;
import dev.sluice.datapath.wireguard.PublicKey;
import dev.sluice.datapath.wireguard.WireGuardConfig;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Looks up the peers that a WireGuard file names: at the start, and again while there is no session with them, since they
 * may have moved. On the loop.
 */
final class PeerNames {
    private static final System.Logger LOG = System.getLogger(PeerNames.class.getName());

    /** As often as a handshake is given up and begun anew, three times. */
    private static final long INTERVAL_SECONDS = 15;

    private final Map<PublicKey, EndpointName> names = new LinkedHashMap<>();
    private final Set<EndpointName> unknown = new HashSet<>();
    private final EventLoop loop;
    private final Set<Integer> families = new HashSet<>();
    private final Device device;
    private final MarkedResolver resolver;

    /** @param sockets whose families can be sent to */
    PeerNames(WireGuardConfig config, EventLoop loop, int mark, List<Endpoint> sockets, Device device) {
        this.loop = loop;
        this.device = device;
        this.resolver = new MarkedResolver(loop.netty(), mark);
        sockets.forEach(socket -> families.add(socket.address().version()));
        config.peers().forEach(peer -> {
            if (peer.name() != null) {
                names.put(peer.publicKey(), peer.name());
            }
        });
    }

    /** The first look-up now, further ones while they are needed. */
    void start() {
        if (!names.isEmpty()) {
            look();
            loop.netty().scheduleWithFixedDelay(this::look, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void look() {
        long now = loop.now();
        for (Device.Status peer : device.status(now)) {
            EndpointName name = names.get(peer.publicKey());
            if (name != null && !peer.session()) {
                look(peer.publicKey(), name);
            }
        }
    }

    private void look(PublicKey peer, EndpointName name) {
        int percent = name.host().indexOf('%');
        if (percent > 0) {
            scoped(name.host().substring(0, percent), name.host().substring(percent + 1), name.port())
                    .ifPresentOrElse(endpoint -> found(peer, name, endpoint), () -> missing(name, "no such interface"));
            return;
        }
        resolver.resolve(name.host()).addListener(resolved -> {
            if (!resolved.isSuccess()) {
                missing(name, String.valueOf(resolved.cause().getMessage()));
                return;
            }
            @SuppressWarnings("unchecked")
            List<InetAddress> addresses = (List<InetAddress>) resolved.getNow();
            addresses.stream()
                    .map(PeerNames::address)
                    .filter(address -> families.contains(address.version()))
                    .findFirst()
                    .ifPresentOrElse(
                            address -> found(peer, name, new Endpoint(address, name.port())),
                            () -> missing(name, "it has no address of a family that this host has"));
        });
    }

    private void found(PublicKey peer, EndpointName name, Endpoint endpoint) {
        unknown.remove(name);
        device.setEndpoint(peer, endpoint);
        loop.finish(loop.now());
    }

    /** Said once. */
    private void missing(EndpointName name, String why) {
        if (unknown.add(name)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the Endpoint of a peer, " + name.host() + ", cannot be looked up: " + why + "; trying again");
        }
    }

    private static Optional<Endpoint> scoped(String address, String link, int port) {
        try {
            NetworkInterface found = link.matches("[0-9]+")
                    ? NetworkInterface.getByIndex(Integer.parseInt(link))
                    : NetworkInterface.getByName(link);
            return Optional.ofNullable(found)
                    .map(present -> new Endpoint(IpAddress.parse(address), port, present.getIndex()));
        } catch (SocketException | IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    private static IpAddress address(InetAddress address) {
        byte[] bytes = address.getAddress();
        return IpAddress.read(bytes, 0, bytes.length == IpAddress.IPV4_LENGTH ? 4 : 6);
    }
}
