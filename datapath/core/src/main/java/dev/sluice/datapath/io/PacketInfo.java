package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Which of the host's addresses a datagram came to, or is to leave from, on a socket for all of them (ip(7), IP_PKTINFO;
 * ipv6(7), IPV6_PKTINFO; cmsg(3)). One slot a datagram.
 *
 * <pre>
 *   cmsghdr      | length (8) | level (4) | type (4) |
 *   in_pktinfo   | interface (4) | local address (4) | the header's destination (4) |
 *   in6_pktinfo  | address (16) | interface (4) |
 * </pre>
 */
final class PacketInfo {
    static final int SLOT_LENGTH = 64;

    static final int IPPROTO_IP = 0;
    static final int IP_PKTINFO = 8;
    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_RECVPKTINFO = 49;
    static final int IPV6_PKTINFO = 50;

    private static final int HEADER_LENGTH = 16;
    private static final int LEVEL_FIELD_OFFSET = 8;
    private static final int TYPE_FIELD_OFFSET = 12;
    private static final int IPV4_LENGTH = 12;
    private static final int IPV4_LOCAL_FIELD_OFFSET = HEADER_LENGTH + 4;
    private static final int IPV4_DESTINATION_FIELD_OFFSET = HEADER_LENGTH + 8;
    private static final int IPV6_LENGTH = 20;
    private static final int IPV6_INTERFACE_FIELD_OFFSET = HEADER_LENGTH + 16;

    private static final ValueLayout.OfInt NET_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NET_LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment memory;
    private Endpoint last = new Endpoint(IpAddress.ipv4(0), 0);

    PacketInfo(Arena arena, int slots) {
        memory = arena.allocate((long) slots * SLOT_LENGTH, Long.BYTES);
    }

    MemorySegment slot(int index) {
        return memory.asSlice((long) index * SLOT_LENGTH, SLOT_LENGTH);
    }

    /**
     * Says from where a datagram leaves.
     *
     * @param scope the interface of a link-local destination, else 0
     * @return the bytes of the slot that are used
     */
    long write(int index, Endpoint local, int scope) {
        long start = (long) index * SLOT_LENGTH;
        IpAddress address = local.address();
        boolean ipv4 = address.isIpv4();
        memory.set(ValueLayout.JAVA_LONG, start, HEADER_LENGTH + (ipv4 ? IPV4_LENGTH : IPV6_LENGTH));
        memory.set(ValueLayout.JAVA_INT, start + LEVEL_FIELD_OFFSET, ipv4 ? IPPROTO_IP : IPPROTO_IPV6);
        memory.set(ValueLayout.JAVA_INT, start + TYPE_FIELD_OFFSET, ipv4 ? IP_PKTINFO : IPV6_PKTINFO);
        if (ipv4) {
            memory.set(ValueLayout.JAVA_INT, start + HEADER_LENGTH, 0);
            memory.set(NET_INT, start + IPV4_LOCAL_FIELD_OFFSET, (int) address.low());
            memory.set(NET_INT, start + IPV4_DESTINATION_FIELD_OFFSET, 0);
            return HEADER_LENGTH + (IPV4_LENGTH + 7 & ~7);
        }
        memory.set(NET_LONG, start + HEADER_LENGTH, address.high());
        memory.set(NET_LONG, start + HEADER_LENGTH + Long.BYTES, address.low());
        memory.set(ValueLayout.JAVA_INT, start + IPV6_INTERFACE_FIELD_OFFSET, scope);
        return HEADER_LENGTH + (IPV6_LENGTH + 7 & ~7);
    }

    /**
     * Where a datagram came to.
     *
     * @param length what the kernel has written
     * @param socket the endpoint of the socket, whose port it has
     */
    Endpoint read(int index, long length, Endpoint socket) {
        long start = (long) index * SLOT_LENGTH;
        if (length < HEADER_LENGTH + IPV4_LENGTH) {
            return socket;
        }
        boolean ipv4 = memory.get(ValueLayout.JAVA_INT, start + LEVEL_FIELD_OFFSET) == IPPROTO_IP;
        long high = ipv4 ? 0 : memory.get(NET_LONG, start + HEADER_LENGTH);
        long low = ipv4
                ? Integer.toUnsignedLong(memory.get(NET_INT, start + IPV4_DESTINATION_FIELD_OFFSET))
                : memory.get(NET_LONG, start + HEADER_LENGTH + Long.BYTES);
        int version = ipv4 ? 4 : 6;
        boolean same = last.port() == socket.port()
                && last.address().version() == version
                && last.address().high() == high
                && last.address().low() == low;
        if (!same) {
            last = new Endpoint(new IpAddress(version, high, low), socket.port());
        }
        return last;
    }
}
