package dev.sluice.datapath.io;

import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;

/** Channels with {@link SocketMark} on their sockets, for those who make their own. */
final class MarkedChannels {
    private MarkedChannels() {}

    static EpollSocketChannel stream(int mark) {
        EpollSocketChannel channel = new EpollSocketChannel();
        SocketMark.set(channel, mark);
        return channel;
    }

    static EpollDatagramChannel datagram(int mark) {
        EpollDatagramChannel channel = new EpollDatagramChannel();
        SocketMark.set(channel, mark);
        return channel;
    }
}
