package dev.sluice.datapath.io;

import io.netty.channel.Channel;
import io.netty.channel.unix.IntegerUnixChannelOption;

/**
 * The mark (SO_MARK, socket(7)) on every socket that this process makes: the host's rules send marked packets past the
 * tunnel, so that the tunnel's own traffic never enters it, whatever a resource covers.
 */
public final class SocketMark {
    /** Not Firezone's: both may run on one host. */
    public static final int MARK = 0x51c3;

    static final int SO_MARK = 36;

    private static final int SOL_SOCKET = 1;
    private static final IntegerUnixChannelOption OPTION = new IntegerUnixChannelOption("SO_MARK", SOL_SOCKET, SO_MARK);

    private SocketMark() {}

    /**
     * Marks a channel that is registered and not yet bound or connected.
     *
     * @throws io.netty.channel.ChannelException without CAP_NET_ADMIN in the network namespace
     */
    static void set(Channel channel, int mark) {
        channel.config().setOption(OPTION, mark);
    }
}
