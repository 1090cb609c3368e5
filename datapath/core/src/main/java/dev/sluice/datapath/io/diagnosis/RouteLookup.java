package dev.sluice.datapath.io.diagnosis;

import dev.sluice.datapath.io.Libc;
import dev.sluice.datapath.io.netlink.NetlinkException;
import dev.sluice.datapath.io.netlink.NetlinkMessage;
import dev.sluice.datapath.io.netlink.NetlinkReply;
import dev.sluice.datapath.io.netlink.NetlinkSocket;
import dev.sluice.datapath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What the kernel would do with a packet that comes in from an interface.
 *
 * @param nextHop the router that gets it, else its destination
 */
record RouteLookup(Outcome outcome, IpAddress nextHop) {
    /** What becomes of it. */
    enum Outcome {
        /** It has somewhere to send it to. */
        FORWARDED,
        /** It is for this host. */
        LOCAL,
        NO_ROUTE,
        /** {@code rp_filter}: it does not believe the source. */
        WRONG_INTERFACE,
        UNKNOWN
    }

    private static final int GET_ROUTE = 26;
    private static final int DESTINATION = 1;
    private static final int SOURCE = 2;
    private static final int INPUT_INTERFACE = 3;
    private static final int ROUTER = 5;
    private static final int HEADER_LENGTH = 12;
    private static final int TYPE_OFFSET = 7;
    private static final int TYPE_LOCAL = 2;
    private static final int TYPE_BLACKHOLE = 6;
    private static final int TYPE_PROHIBIT = 8;

    static RouteLookup of(IpAddress source, IpAddress destination, int inputInterface) {
        int family = destination.isIpv4() ? Libc.AF_INET : Libc.AF_INET6;
        NetlinkMessage ask = new NetlinkMessage(GET_ROUTE, NetlinkMessage.ACKNOWLEDGE)
                .u8(family)
                .u8(destination.bitLength())
                .u8(source.bitLength())
                .u8(0)
                .u32(0)
                .u32(0)
                .attribute(DESTINATION, destination.toBytes())
                .attribute(SOURCE, source.toBytes())
                .attributeU32(INPUT_INTERFACE, inputInterface);
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.ROUTE)) {
            List<NetlinkReply> replies = socket.request(ask);
            return replies.isEmpty()
                    ? new RouteLookup(Outcome.UNKNOWN, destination)
                    : of(replies.getFirst(), destination);
        } catch (NetlinkException refused) {
            Outcome outcome = switch (refused.errno()) {
                // Newer kernels say the latter of a source that they do not believe.
                case Libc.EXDEV, Libc.EINVAL -> Outcome.WRONG_INTERFACE;
                case Libc.ENETUNREACH, Libc.EHOSTUNREACH, Libc.EACCES -> Outcome.NO_ROUTE;
                default -> Outcome.UNKNOWN;
            };
            return new RouteLookup(outcome, destination);
        }
    }

    private static RouteLookup of(NetlinkReply reply, IpAddress destination) {
        ByteBuffer router = reply.attributes(HEADER_LENGTH).get(ROUTER);
        IpAddress nextHop = destination;
        if (router != null && router.remaining() == destination.byteLength()) {
            byte[] bytes = new byte[router.remaining()];
            router.get(0, bytes);
            nextHop = IpAddress.read(bytes, 0, destination.version());
        }
        return new RouteLookup(outcome(Byte.toUnsignedInt(reply.body().get(TYPE_OFFSET))), nextHop);
    }

    private static Outcome outcome(int type) {
        if (type == TYPE_LOCAL) {
            return Outcome.LOCAL;
        }
        return type >= TYPE_BLACKHOLE && type <= TYPE_PROHIBIT ? Outcome.NO_ROUTE : Outcome.FORWARDED;
    }
}
