package dev.sluice.datapath.io.diagnosis;

import dev.sluice.datapath.io.Libc;
import dev.sluice.datapath.io.netlink.NetlinkException;
import dev.sluice.datapath.io.netlink.NetlinkMessage;
import dev.sluice.datapath.io.netlink.NetlinkReply;
import dev.sluice.datapath.io.netlink.NetlinkSocket;
import dev.sluice.datapath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Who answers on this host's links (ARP, neighbour discovery). */
final class Neighbours {
    private static final int GET_NEIGHBOUR = 30;
    private static final int HEADER_LENGTH = 12;
    private static final int STATE_OFFSET = 8;
    private static final int ADDRESS = 1;
    private static final int INCOMPLETE = 0x01;
    private static final int FAILED = 0x20;

    private Neighbours() {}

    /** Whether the kernel asks for this address, or has asked, and nobody answers. */
    static boolean isSilent(IpAddress address) {
        NetlinkMessage ask = new NetlinkMessage(GET_NEIGHBOUR, NetlinkMessage.DUMP)
                .u8(address.isIpv4() ? Libc.AF_INET : Libc.AF_INET6)
                .u8(0)
                .u16(0)
                .u32(0)
                .u32(0);
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.ROUTE)) {
            return socket.request(ask).stream().anyMatch(reply -> isOf(address, reply) && isUnanswered(reply));
        } catch (NetlinkException unavailable) {
            return false;
        }
    }

    private static boolean isOf(IpAddress address, NetlinkReply reply) {
        ByteBuffer value = reply.attributes(HEADER_LENGTH).get(ADDRESS);
        if (value == null || value.remaining() != address.byteLength()) {
            return false;
        }
        byte[] bytes = new byte[value.remaining()];
        value.get(0, bytes);
        return Arrays.equals(bytes, address.toBytes());
    }

    private static boolean isUnanswered(NetlinkReply reply) {
        return (reply.body().getShort(STATE_OFFSET) & (INCOMPLETE | FAILED)) != 0;
    }
}
