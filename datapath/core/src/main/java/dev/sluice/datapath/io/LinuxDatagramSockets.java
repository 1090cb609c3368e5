package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.TransportData;
import io.netty.channel.IoEventLoop;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@link DatagramSockets} by FFM: {@code recvmmsg} and {@code sendmmsg} on memory that is allocated once, so that a
 * datagram costs no object, and trains of datagrams, so that it hardly costs a call. The descriptors sit on Netty's event
 * loop.
 */
public final class LinuxDatagramSockets implements DatagramSockets {
    private static final System.Logger LOG = System.getLogger(LinuxDatagramSockets.class.getName());

    /** Longer ones are cut, and fail to open. */
    static final int DATAGRAM_LENGTH = TransportData.LONGEST_DATAGRAM;

    private static final IpAddress ANY_IPV4 = IpAddress.ipv4(0);
    private static final IpAddress ANY_IPV6 = IpAddress.ipv6(0, 0);

    /** Batches of one wake-up: the TUN device and the timers get their turn. */
    private static final int BATCHES = 4;

    private final IoEventLoop loop;
    private final int port;
    private final int mark;
    private final boolean trains;
    private final Receiver receiver;
    private final EndpointCache cache = new EndpointCache();
    private final DatagramBatch batch = InboundMessages.newBatch();
    private final InboundMessages inbound = new InboundMessages();
    private final Map<IpAddress, Socket> sockets = new LinkedHashMap<>();
    private @Nullable Socket lastUsed;
    private long sendFailures;

    /**
     * @param port tried first on every address; an ephemeral one is taken where it is busy
     * @param mark on the sockets
     * @param trains whether the kernel may put datagrams together and cut them, where it can
     */
    public LinuxDatagramSockets(IoEventLoop loop, int port, int mark, boolean trains, Receiver receiver) {
        this.loop = loop;
        this.port = port;
        this.mark = mark;
        this.trains = trains;
        this.receiver = receiver;
    }

    @Override
    public List<Endpoint> bind(Collection<IpAddress> addresses) {
        Set<IpAddress> wanted = new LinkedHashSet<>(addresses);
        for (Iterator<Socket> open = sockets.values().iterator(); open.hasNext(); ) {
            Socket socket = open.next();
            if (!wanted.contains(socket.local.address())) {
                open.remove();
                lastUsed = null;
                socket.close();
            }
        }
        for (IpAddress address : wanted) {
            if (!sockets.containsKey(address)) {
                Socket socket = open(address, port);
                if (socket == null && port != 0) {
                    socket = open(address, 0);
                }
                if (socket != null) {
                    sockets.put(address, socket);
                }
            }
            // To the end, each: so they are in the order of what is wanted.
            Socket open = sockets.remove(address);
            if (open != null) {
                sockets.put(address, open);
            }
        }
        return endpoints();
    }

    @Override
    public List<Endpoint> endpoints() {
        return sockets.values().stream().map(socket -> socket.local).toList();
    }

    @Override
    public void send(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
        Socket socket = lastUsed;
        if (socket == null || !socket.local.equals(local)) {
            socket = sockets.get(local.address());
            if (socket == null) {
                socket = sockets.get(local.address().isIpv4() ? ANY_IPV4 : ANY_IPV6);
            }
            if (socket == null || socket.local.port() != local.port()) {
                sendFailures++;
                return;
            }
            lastUsed = socket;
        }
        if (length > DATAGRAM_LENGTH
                || remote.address().version() != local.address().version()) {
            sendFailures++;
            return;
        }
        if (socket.outbound.isFull()) {
            socket.flush();
        }
        socket.outbound.append(local, remote, buffer, offset, length);
    }

    @Override
    public void flush() {
        for (Socket socket : sockets.values()) {
            socket.flush();
        }
    }

    @Override
    public long sendFailures() {
        return sendFailures;
    }

    @Override
    public void close() {
        sockets.values().forEach(Socket::close);
        sockets.clear();
        lastUsed = null;
    }

    private @Nullable Socket open(IpAddress address, int boundPort) {
        int descriptor = DatagramDescriptor.open(SocketAddress.family(address), mark);
        if (descriptor < 0) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(SocketAddress.IPV6_LENGTH);
            SocketAddress.write(name, 0, new Endpoint(address, boundPort));
            int result = Libc.bind(descriptor, name, SocketAddress.length(address));
            if (result == 0) {
                result = Libc.getsockname(
                        descriptor, name, arena.allocateFrom(ValueLayout.JAVA_INT, (int) name.byteSize()));
            }
            if (result < 0) {
                int errno = -result;
                LOG.log(System.Logger.Level.DEBUG, () -> "cannot bind UDP on " + address + " (errno " + errno + ")");
                Libc.close(descriptor);
                return null;
            }
            return new Socket(descriptor, new Endpoint(address, SocketAddress.port(name, 0)));
        }
    }

    private final class Socket {
        private final int descriptor;
        private final Endpoint local;
        private final OutboundMessages outbound;
        private final Readiness readiness;
        private boolean closed;

        Socket(int descriptor, Endpoint local) {
            this.descriptor = descriptor;
            this.local = local;
            boolean forAll = local.address().isUnspecified();
            if (forAll) {
                DatagramDescriptor.tellDestinations(descriptor, SocketAddress.family(local.address()));
            }
            this.outbound =
                    new OutboundMessages(DATAGRAM_LENGTH, forAll, trains && DatagramDescriptor.takesTrains(descriptor));
            if (trains) {
                DatagramDescriptor.joinTrains(descriptor);
            }
            this.readiness = Readiness.watch(loop, descriptor, this::receive, this::receive);
        }

        /** Also what clears an error that the kernel noted on the socket. */
        private void receive() {
            for (int i = 0; i < BATCHES && !closed; i++) {
                inbound.receive(descriptor, local, batch, cache);
                if (batch.size() == 0) {
                    return;
                }
                receiver.received(batch);
            }
        }

        void flush() {
            if (!outbound.isEmpty()) {
                sendFailures += outbound.send(descriptor);
            }
        }

        void close() {
            flush();
            closed = true;
            readiness.close();
            Libc.close(descriptor);
        }
    }
}
