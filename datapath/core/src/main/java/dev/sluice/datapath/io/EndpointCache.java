package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;

/**
 * The same endpoint as Netty and as the cores know it, each made once. Bounded: anybody can make a socket see a new
 * address. For one thread.
 */
final class EndpointCache {
    private static final int MOST_ENTRIES = 4096;

    private final Map<InetSocketAddress, Endpoint> endpoints = new HashMap<>();
    private final Map<Endpoint, InetSocketAddress> sockets = new HashMap<>();

    Endpoint endpoint(InetSocketAddress socket) {
        Endpoint known = endpoints.get(socket);
        if (known != null) {
            return known;
        }
        Endpoint made = new Endpoint(address(socket.getAddress()), socket.getPort());
        remember(made, socket);
        return made;
    }

    InetSocketAddress socket(Endpoint endpoint) {
        InetSocketAddress known = sockets.get(endpoint);
        if (known != null) {
            return known;
        }
        InetSocketAddress made = new InetSocketAddress(inetAddress(endpoint.address()), endpoint.port());
        remember(endpoint, made);
        return made;
    }

    private void remember(Endpoint endpoint, InetSocketAddress socket) {
        if (sockets.size() >= MOST_ENTRIES) {
            sockets.clear();
            endpoints.clear();
        }
        endpoints.put(socket, endpoint);
        sockets.put(endpoint, socket);
    }

    static IpAddress address(InetAddress address) {
        byte[] bytes = address.getAddress();
        return IpAddress.read(bytes, 0, bytes.length == IpAddress.IPV4_LENGTH ? 4 : 6);
    }

    static InetAddress inetAddress(IpAddress address) {
        byte[] bytes = new byte[address.byteLength()];
        address.write(bytes, 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("4 or 16 bytes are an address", impossible);
        }
    }
}
