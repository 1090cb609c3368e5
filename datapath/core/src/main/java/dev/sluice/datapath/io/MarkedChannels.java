package dev.sluice.datapath.io;

import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;

/** Channels with {@link SocketMark} on their sockets, for those who make their own. */
final class MarkedChannels {
    private MarkedChannels() {}

    static EpollSocketChannel stream() {
        EpollSocketChannel channel = new EpollSocketChannel();
        SocketMark.set(channel);
        return channel;
    }

    static EpollDatagramChannel datagram() {
        EpollDatagramChannel channel = new EpollDatagramChannel();
        SocketMark.set(channel);
        return channel;
    }
}
