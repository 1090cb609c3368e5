package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@link DatagramSockets} by Netty's epoll transport: {@code recvmmsg} and {@code sendmmsg}. */
public final class NettyDatagramSockets implements DatagramSockets {
    private static final System.Logger LOG = System.getLogger(NettyDatagramSockets.class.getName());

    /** The longest datagram of ours is the largest MTU and 36 bytes of framing; longer ones are cut, and fail to open. */
    static final int DATAGRAM_LENGTH = 2048;

    private static final int BATCH = 32;
    private static final int WRITE_BUFFER = 8 << 20;

    private final IoEventLoop loop;
    private final int port;
    private final Receiver receiver;
    private final EndpointCache cache = new EndpointCache();
    private final DatagramBatch batch = new DatagramBatch(BATCH, DATAGRAM_LENGTH);
    private final Map<IpAddress, Socket> sockets = new HashMap<>();
    private @Nullable Socket lastUsed;
    private long sendFailures;
    private boolean complained;

    /** @param port tried first on every address; an ephemeral one is taken where it is busy */
    public NettyDatagramSockets(IoEventLoop loop, int port, Receiver receiver) {
        this.loop = loop;
        this.port = port;
        this.receiver = receiver;
    }

    @Override
    public List<Endpoint> bind(Collection<IpAddress> addresses) {
        Set<IpAddress> wanted = Set.copyOf(addresses);
        for (Iterator<Socket> open = sockets.values().iterator(); open.hasNext(); ) {
            Socket socket = open.next();
            if (!wanted.contains(socket.local.address())) {
                open.remove();
                lastUsed = null;
                socket.channel.close();
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
            if (socket == null || socket.local.port() != local.port()) {
                sendFailures++;
                return;
            }
            lastUsed = socket;
        }
        if (!socket.channel.isWritable()) {
            sendFailures++;
            return;
        }
        ByteBuf content = socket.channel.alloc().ioBuffer(length).writeBytes(buffer, offset, length);
        socket.channel.write(new DatagramPacket(content, cache.socket(remote)), socket.channel.voidPromise());
        socket.unflushed = true;
    }

    @Override
    public void flush() {
        for (Socket socket : sockets.values()) {
            if (socket.unflushed) {
                socket.unflushed = false;
                socket.channel.flush();
            }
        }
    }

    @Override
    public long sendFailures() {
        return sendFailures;
    }

    @Override
    public void close() {
        flush();
        sockets.values().forEach(socket -> socket.channel.close());
        sockets.clear();
        lastUsed = null;
    }

    /** On the event loop registration and binding are done when their calls return. */
    private @Nullable Socket open(IpAddress address, int boundPort) {
        EpollDatagramChannel channel =
                new EpollDatagramChannel(address.isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6);
        channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, DATAGRAM_LENGTH);
        channel.config()
                .setOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(BATCH * DATAGRAM_LENGTH));
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(WRITE_BUFFER / 2, WRITE_BUFFER));
        SocketMark.set(channel);
        SocketBuffers.enlarge(channel);
        SocketBuffers.separateFamilies(channel, address);
        loop.register(channel).syncUninterruptibly();
        ChannelFuture bound = channel.bind(new InetSocketAddress(EndpointCache.inetAddress(address), boundPort));
        if (!bound.isSuccess()) {
            LOG.log(System.Logger.Level.DEBUG, () -> "cannot bind UDP on " + address + ": " + bound.cause());
            channel.close();
            return null;
        }
        Socket socket = new Socket(cache.endpoint(channel.localAddress()), channel);
        channel.pipeline().addLast(socket);
        return socket;
    }

    private void complainOnce(Throwable cause) {
        sendFailures++;
        if (!complained) {
            complained = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a datagram could not be sent or received: " + cause.getMessage()
                            + "; further failures are only counted");
        }
    }

    private final class Socket extends ChannelInboundHandlerAdapter {
        private final Endpoint local;
        private final EpollDatagramChannel channel;
        private boolean unflushed;

        Socket(Endpoint local, EpollDatagramChannel channel) {
            this.local = local;
            this.channel = channel;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof DatagramPacket datagram) {
                    ByteBuf content = datagram.content();
                    int length = content.readableBytes();
                    content.readBytes(batch.packets().buffer(), batch.packets().nextOffset(), length);
                    batch.commit(cache.endpoint(datagram.sender()), length);
                    if (batch.packets().isFull()) {
                        deliver();
                    }
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            deliver();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            complainOnce(cause);
        }

        private void deliver() {
            if (!batch.packets().isEmpty()) {
                try {
                    receiver.received(local, batch);
                } finally {
                    batch.packets().clear();
                }
            }
        }
    }
}
