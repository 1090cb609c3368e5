package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What the kernel says and is told of a message beside its payload (cmsg(3)), a slot for each: which of the host's
 * addresses it came to, or is to leave from, on a socket for all of them (ip(7), IP_PKTINFO; ipv6(7), IPV6_PKTINFO), and
 * how long each of its datagrams is (udp(7), UDP_SEGMENT and UDP_GRO).
 *
 * <pre>
 *   cmsghdr      | length (8) | level (4) | type (4) |     the next one at a multiple of 8
 *   in_pktinfo   | interface (4) | local address (4) | the header's destination (4) |
 *   in6_pktinfo  | address (16) | interface (4) |
 *   UDP_SEGMENT  | size (2) |
 *   UDP_GRO      | size (4) |
 * </pre>
 */
final class ControlMessages {
    /** Room for one of each kind. */
    static final int SLOT_LENGTH = 96;

    static final int IPPROTO_IP = 0;
    static final int IP_PKTINFO = 8;
    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_RECVPKTINFO = 49;
    static final int IPV6_PKTINFO = 50;
    static final int IPPROTO_UDP = 17;
    static final int UDP_SEGMENT = 103;
    static final int UDP_GRO = 104;

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
    private Endpoint local = new Endpoint(IpAddress.ipv4(0), 0);
    private boolean told;
    private int segmentSize;

    ControlMessages(Arena arena, int slots) {
        memory = arena.allocate((long) slots * SLOT_LENGTH, Long.BYTES);
    }

    MemorySegment slot(int index) {
        return memory.asSlice(start(index), SLOT_LENGTH);
    }

    /**
     * Says from where a message leaves.
     *
     * @param used the bytes of the slot that are used already
     * @param scope the interface of a link-local destination, else 0
     * @return the bytes of the slot that are used
     */
    long writeSource(int index, long used, Endpoint from, int scope) {
        long start = start(index) + used;
        IpAddress address = from.address();
        boolean ipv4 = address.isIpv4();
        if (ipv4) {
            header(start, IPV4_LENGTH, IPPROTO_IP, IP_PKTINFO);
            memory.set(ValueLayout.JAVA_INT, start + HEADER_LENGTH, 0);
            memory.set(NET_INT, start + IPV4_LOCAL_FIELD_OFFSET, (int) address.low());
            memory.set(NET_INT, start + IPV4_DESTINATION_FIELD_OFFSET, 0);
            return used + space(IPV4_LENGTH);
        }
        header(start, IPV6_LENGTH, IPPROTO_IPV6, IPV6_PKTINFO);
        memory.set(NET_LONG, start + HEADER_LENGTH, address.high());
        memory.set(NET_LONG, start + HEADER_LENGTH + Long.BYTES, address.low());
        memory.set(ValueLayout.JAVA_INT, start + IPV6_INTERFACE_FIELD_OFFSET, scope);
        return used + space(IPV6_LENGTH);
    }

    /** Says into datagrams of which length a message is to be cut; as {@link #writeSource}. */
    long writeSegmentSize(int index, long used, int size) {
        long start = start(index) + used;
        header(start, Short.BYTES, IPPROTO_UDP, UDP_SEGMENT);
        memory.set(ValueLayout.JAVA_SHORT, start + HEADER_LENGTH, (short) size);
        return used + space(Short.BYTES);
    }

    /**
     * Reads what the kernel has written.
     *
     * @param length how much that is
     * @param socket the endpoint of the socket, whose port the local one has
     */
    void read(int index, long length, Endpoint socket) {
        told = false;
        segmentSize = 0;
        long start = start(index);
        long end = start + Math.min(length, SLOT_LENGTH);
        while (start + HEADER_LENGTH <= end) {
            long size = memory.get(ValueLayout.JAVA_LONG, start);
            if (size < HEADER_LENGTH || start + size > end) {
                return;
            }
            read(start, socket);
            start += size + 7 & ~7L;
        }
    }

    /** Where the message came to: the socket's own endpoint, unless the kernel said more. */
    Endpoint local(Endpoint socket) {
        return told ? local : socket;
    }

    /** How long each datagram of the message is; 0 if it is one. */
    int segmentSize() {
        return segmentSize;
    }

    private void read(long start, Endpoint socket) {
        int type = memory.get(ValueLayout.JAVA_INT, start + TYPE_FIELD_OFFSET);
        switch (memory.get(ValueLayout.JAVA_INT, start + LEVEL_FIELD_OFFSET)) {
            case IPPROTO_IP -> {
                if (type == IP_PKTINFO) {
                    int address = memory.get(NET_INT, start + IPV4_DESTINATION_FIELD_OFFSET);
                    told(4, 0, Integer.toUnsignedLong(address), socket.port());
                }
            }
            case IPPROTO_IPV6 -> {
                if (type == IPV6_PKTINFO) {
                    long high = memory.get(NET_LONG, start + HEADER_LENGTH);
                    told(6, high, memory.get(NET_LONG, start + HEADER_LENGTH + Long.BYTES), socket.port());
                }
            }
            case IPPROTO_UDP -> {
                if (type == UDP_GRO) {
                    segmentSize = memory.get(ValueLayout.JAVA_INT, start + HEADER_LENGTH);
                }
            }
            default -> {
                // Nothing else was asked for.
            }
        }
    }

    /** The same address comes again and again: it is made once. */
    private void told(int version, long high, long low, int port) {
        told = true;
        boolean same = local.port() == port
                && local.address().version() == version
                && local.address().high() == high
                && local.address().low() == low;
        if (!same) {
            local = new Endpoint(new IpAddress(version, high, low), port);
        }
    }

    private void header(long start, int dataLength, int level, int type) {
        memory.set(ValueLayout.JAVA_LONG, start, HEADER_LENGTH + dataLength);
        memory.set(ValueLayout.JAVA_INT, start + LEVEL_FIELD_OFFSET, level);
        memory.set(ValueLayout.JAVA_INT, start + TYPE_FIELD_OFFSET, type);
    }

    private static long space(int dataLength) {
        return HEADER_LENGTH + (dataLength + 7 & ~7);
    }

    private static long start(int index) {
        return (long) index * SLOT_LENGTH;
    }
}
