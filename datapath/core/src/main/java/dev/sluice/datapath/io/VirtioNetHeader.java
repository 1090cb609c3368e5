package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Checksum;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.NetworkOrder;
import dev.sluice.datapath.wire.TransportChecksum;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What stands before each packet of a TUN device that offloads (Virtio 1.3 §5.1.6, in the machine's byte order;
 * linux/virtio_net.h): whether the checksum is still to be made, and whether it is a super-packet.
 *
 * <pre>
 *   0 | flags | type | header length | segment size | checksum from | checksum at |  10 bytes
 *       1       1      2               2              2               2, behind "from"
 * </pre>
 */
final class VirtioNetHeader {
    static final int LENGTH = 10;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());

    private static final int TYPE_FIELD_OFFSET = 1;
    private static final int HEADER_LENGTH_FIELD_OFFSET = 2;
    private static final int SEGMENT_SIZE_FIELD_OFFSET = 4;
    private static final int CHECKSUM_START_FIELD_OFFSET = 6;
    private static final int CHECKSUM_OFFSET_FIELD_OFFSET = 8;

    private static final int NEEDS_CHECKSUM = 1;
    private static final int NONE = 0;
    private static final int TCP_IPV4 = 1;
    private static final int TCP_IPV6 = 4;
    private static final int UDP = 5;

    /** Or-ed to a type of TCP: the first segment alone has CWR, which is so for all that is cut here. */
    private static final int ECN = 0x80;

    private VirtioNetHeader() {}

    /** The segment size of the packet behind the header; 0 if it is no super-packet, -1 if it is one of no known kind. */
    static int segmentSize(byte[] buffer, int offset) {
        int type = buffer[offset + TYPE_FIELD_OFFSET] & 0xff & ~ECN;
        if (type == NONE) {
            return 0;
        }
        int size = field(buffer, offset + SEGMENT_SIZE_FIELD_OFFSET);
        boolean known = type == TCP_IPV4 || type == TCP_IPV6 || type == UDP;
        return known && size > 0 ? size : -1;
    }

    /**
     * Makes the checksum that the host has left to be made.
     *
     * @param length of the packet behind the header
     * @return false if it is to stand outside the packet
     */
    static boolean complete(byte[] buffer, int offset, int length) {
        if ((buffer[offset] & NEEDS_CHECKSUM) == 0) {
            return true;
        }
        int start = field(buffer, offset + CHECKSUM_START_FIELD_OFFSET);
        int at = start + field(buffer, offset + CHECKSUM_OFFSET_FIELD_OFFSET);
        if (at + Short.BYTES > length) {
            return false;
        }
        int packet = offset + LENGTH;
        int checksum = Checksum.of(buffer, packet + start, length - start);
        // 0 would mean "none" to UDP, and is the same number to all others.
        NetworkOrder.putShort(buffer, packet + at, checksum == 0 ? 0xffff : checksum);
        return true;
    }

    /** Writes the header of a packet that is whole. */
    static void writePlain(byte[] buffer, int offset) {
        NetworkOrder.putLong(buffer, offset, 0);
        NetworkOrder.putShort(buffer, offset + CHECKSUM_OFFSET_FIELD_OFFSET, 0);
    }

    /** Writes the header of a super-packet whose checksum is partial. */
    static void writeSuper(byte[] buffer, int offset, IpPacket packet) {
        int tcp = packet.version() == 4 ? TCP_IPV4 : TCP_IPV6;
        buffer[offset] = NEEDS_CHECKSUM;
        buffer[offset + TYPE_FIELD_OFFSET] = (byte) (packet.isTcp() ? tcp : UDP);
        int headers = packet.headerLength() + packet.transportHeaderLength();
        SHORT.set(buffer, offset + HEADER_LENGTH_FIELD_OFFSET, (short) headers);
        SHORT.set(buffer, offset + SEGMENT_SIZE_FIELD_OFFSET, (short) packet.segmentSize());
        SHORT.set(buffer, offset + CHECKSUM_START_FIELD_OFFSET, (short) packet.headerLength());
        SHORT.set(buffer, offset + CHECKSUM_OFFSET_FIELD_OFFSET, (short)
                TransportChecksum.fieldOffset(packet.protocol()));
    }

    private static int field(byte[] buffer, int offset) {
        return (short) SHORT.get(buffer, offset) & 0xffff;
    }
}
