package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.IpAddress;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;

/** Socket options of socket(7) and ipv6(7) that Netty does not name. */
final class SocketBuffers {
    private static final int SOL_SOCKET = 1;
    private static final int IPPROTO_IPV6 = 41;

    /** 10 Gbit/s for 10 ms, and 1 ms: bursts while the loop is busy elsewhere. */
    private static final int RECEIVE_BYTES = 16 << 20;

    private static final int SEND_BYTES = 2 << 20;

    private static final IntegerUnixChannelOption SO_SNDBUFFORCE =
            new IntegerUnixChannelOption("SO_SNDBUFFORCE", SOL_SOCKET, 32);
    private static final IntegerUnixChannelOption SO_RCVBUFFORCE =
            new IntegerUnixChannelOption("SO_RCVBUFFORCE", SOL_SOCKET, 33);
    private static final IntegerUnixChannelOption IPV6_V6ONLY =
            new IntegerUnixChannelOption("IPV6_V6ONLY", IPPROTO_IPV6, 26);

    private SocketBuffers() {}

    /** Root's buffers go past rmem_max; the others' get what it allows. No sysctl is touched. */
    static void enlarge(Channel channel) {
        force(channel, SO_RCVBUFFORCE, ChannelOption.SO_RCVBUF, RECEIVE_BYTES);
        force(channel, SO_SNDBUFFORCE, ChannelOption.SO_SNDBUF, SEND_BYTES);
    }

    /** An IPv6 socket on {@code ::} leaves IPv4 to the socket on {@code 0.0.0.0}. */
    static void separateFamilies(Channel channel, IpAddress address) {
        if (!address.isIpv4()) {
            channel.config().setOption(IPV6_V6ONLY, 1);
        }
    }

    private static void force(
            Channel channel, IntegerUnixChannelOption forced, ChannelOption<Integer> limited, int bytes) {
        try {
            channel.config().setOption(forced, bytes);
        } catch (ChannelException notRoot) {
            channel.config().setOption(limited, bytes);
        }
    }
}
