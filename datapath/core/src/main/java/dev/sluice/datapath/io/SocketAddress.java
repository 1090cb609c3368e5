package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * An address and port as the kernel writes them (ip(7), ipv6(7)).
 *
 * <pre>
 *   sockaddr_in   | family (2) | port (2) | address (4) | zero (8)                       |  16 bytes
 *   sockaddr_in6  | family (2) | port (2) | flow (4) | address (16)       | scope (4)    |  28 bytes
 * </pre>
 *
 * The family and the scope are in the machine's order, the rest in the network's.
 */
final class SocketAddress {
    static final int IPV4_LENGTH = 16;
    static final int IPV6_LENGTH = 28;

    private static final int PORT_FIELD_OFFSET = 2;
    private static final int IPV4_ADDRESS_FIELD_OFFSET = 4;
    private static final int IPV6_ADDRESS_FIELD_OFFSET = 8;
    private static final int SCOPE_FIELD_OFFSET = 24;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddress() {}

    static int family(IpAddress address) {
        return address.isIpv4() ? Libc.AF_INET : Libc.AF_INET6;
    }

    static int length(IpAddress address) {
        return address.isIpv4() ? IPV4_LENGTH : IPV6_LENGTH;
    }

    /** Writes over what is there; the flow is left as it is, which is zero. */
    static void write(MemorySegment memory, long offset, Endpoint endpoint) {
        IpAddress address = endpoint.address();
        memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, (short) family(address));
        memory.set(SHORT, offset + PORT_FIELD_OFFSET, (short) endpoint.port());
        if (address.isIpv4()) {
            memory.set(INT, offset + IPV4_ADDRESS_FIELD_OFFSET, (int) address.low());
        } else {
            memory.set(LONG, offset + IPV6_ADDRESS_FIELD_OFFSET, address.high());
            memory.set(LONG, offset + IPV6_ADDRESS_FIELD_OFFSET + Long.BYTES, address.low());
            memory.set(ValueLayout.JAVA_INT_UNALIGNED, offset + SCOPE_FIELD_OFFSET, endpoint.scope());
        }
    }

    /** 0 but for a link-local IPv6 address. */
    static int scope(MemorySegment memory, long offset) {
        return version(memory, offset) == 4
                ? 0
                : memory.get(ValueLayout.JAVA_INT_UNALIGNED, offset + SCOPE_FIELD_OFFSET);
    }

    static int version(MemorySegment memory, long offset) {
        return memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset) == Libc.AF_INET ? 4 : 6;
    }

    static int port(MemorySegment memory, long offset) {
        return Short.toUnsignedInt(memory.get(SHORT, offset + PORT_FIELD_OFFSET));
    }

    static long high(MemorySegment memory, long offset) {
        return version(memory, offset) == 4 ? 0 : memory.get(LONG, offset + IPV6_ADDRESS_FIELD_OFFSET);
    }

    static long low(MemorySegment memory, long offset) {
        return version(memory, offset) == 4
                ? Integer.toUnsignedLong(memory.get(INT, offset + IPV4_ADDRESS_FIELD_OFFSET))
                : memory.get(LONG, offset + IPV6_ADDRESS_FIELD_OFFSET + Long.BYTES);
    }
}
