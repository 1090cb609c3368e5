package dev.sluice.datapath.io;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connects to whichever address of a host answers first (RFC 8305): the families take turns, a next address is tried
 * when the last one failed or has been silent for a moment, and none is given up while others are tried. On the loop.
 */
final class StaggeredConnect {
    /** RFC 8305 §8, "Connection Attempt Delay". */
    private static final long DELAY_MILLIS = 250;

    private static final int TIMEOUT_MILLIS = 10_000;

    private final IoEventLoop loop;
    private final int port;
    private final Deque<InetAddress> remaining = new ArrayDeque<>();
    private final List<Channel> dialled = new ArrayList<>();
    private final Consumer<Channel> connected;
    private final Consumer<Throwable> failed;
    private int underWay;
    private boolean decided;

    /**
     * Begins.
     *
     * @param connected takes the winner, which has no handlers yet
     * @param failed takes why the last of all failed
     */
    StaggeredConnect(
            IoEventLoop loop,
            List<InetAddress> addresses,
            int port,
            Consumer<Channel> connected,
            Consumer<Throwable> failed) {
        this.loop = loop;
        this.port = port;
        this.connected = connected;
        this.failed = failed;
        remaining.addAll(inTurns(addresses));
        next();
    }

    /** Gives up; nothing more is heard. */
    void cancel() {
        decided = true;
        remaining.clear();
        dialled.forEach(Channel::close);
    }

    /** The first address decides which family begins. */
    static List<InetAddress> inTurns(List<InetAddress> addresses) {
        Deque<InetAddress> first = new ArrayDeque<>();
        Deque<InetAddress> other = new ArrayDeque<>();
        for (InetAddress address : addresses) {
            boolean same = address.getAddress().length == addresses.getFirst().getAddress().length;
            (same ? first : other).add(address);
        }
        List<InetAddress> turns = new ArrayList<>();
        while (!first.isEmpty() || !other.isEmpty()) {
            for (Deque<InetAddress> family : List.of(first, other)) {
                InetAddress address = family.poll();
                if (address != null) {
                    turns.add(address);
                }
            }
        }
        return turns;
    }

    private void next() {
        InetAddress address = remaining.poll();
        if (address == null || decided) {
            return;
        }
        underWay++;
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(() -> MarkedChannels.stream(SocketMark.MARK))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, TIMEOUT_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .handler(new Nothing());
        var attempt = bootstrap.connect(new InetSocketAddress(address, port));
        dialled.add(attempt.channel());
        attempt.addListener(result -> settled(attempt.channel(), result));
        loop.schedule(this::next, DELAY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void settled(Channel channel, Future<? super Void> result) {
        underWay--;
        if (decided) {
            channel.close();
        } else if (result.isSuccess()) {
            decided = true;
            remaining.clear();
            dialled.remove(channel);
            dialled.forEach(Channel::close);
            connected.accept(channel);
        } else if (!remaining.isEmpty()) {
            next();
        } else if (underWay == 0) {
            decided = true;
            @Nullable Throwable cause = result.cause();
            failed.accept(cause == null ? new IllegalStateException("cancelled") : cause);
        }
    }

    /** A bootstrap wants a handler. */
    @ChannelHandler.Sharable
    private static final class Nothing extends ChannelInboundHandlerAdapter {}
}
