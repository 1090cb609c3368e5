package dev.sluice.datapath.wire;

import java.util.Arrays;

/**
 * Puts the packets of one flow that follow each other together again, so that a decision and a write serve them all: what
 * a network card does for its host (GRO). The opposite of {@link Segmenter}: what it makes of a super-packet, put together,
 * is that super-packet.
 *
 * <p>Together belongs what a host could have sent in one piece: the same addresses, ports, hop limit, traffic class with
 * ECN, options, window and acknowledgment; sequence numbers without a gap; as much payload as the first one, of the last
 * one less; ACK, and on the last one PSH, and no other flags but ECE. Whatever holds a wrong checksum, options or
 * extension headers of IP, or is a part of a larger packet stays apart, for nobody would notice any more what was wrong
 * with it. Where UDP datagrams end is kept: the host delivers each by itself.
 *
 * <p>Usage: {@link #add} until it says no, then take {@link #packet} and {@link #clear}. Mutable, for one thread, and
 * without allocation.
 */
public final class Coalescer {
    private static final int START = PacketBatch.HEADROOM;
    private static final int ALLOWED_FLAGS = TcpHeader.ACK | TcpHeader.PSH | TcpHeader.ECE;

    /** Of IPv4: version to type of service. */
    private static final int IPV4_FIRST = 2;

    private final byte[] buffer = new byte[START + IpPacket.LONGEST];
    private final IpPacket whole = new IpPacket();
    private final boolean joinsDatagrams;
    private int version;
    private int protocol;
    private int headers;
    private int headerLength;
    private int length;
    private int segmentSize;
    private int count;
    private int nextSequence;
    private int nextIdentification;
    private boolean ended;

    /** @param joinsDatagrams whether UDP is put together, too: the host must know how to take it apart */
    public Coalescer(boolean joinsDatagrams) {
        this.joinsDatagrams = joinsDatagrams;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /**
     * Takes a packet as the first one, or behind those that are there.
     *
     * @param packet whole and valid; it is copied
     * @return false, with nothing changed, if it does not belong to them; if there are none, if nothing could
     */
    public boolean add(IpPacket packet) {
        if (count == 0) {
            return begin(packet);
        }
        if (ended || !follows(packet)) {
            return false;
        }
        byte[] in = packet.buffer();
        int size = packet.totalLength() - headers;
        System.arraycopy(in, packet.offset() + headers, buffer, START + length, size);
        length += size;
        count++;
        advance(packet, size);
        return true;
    }

    /**
     * All that was taken, as one packet; its checksum is partial if there are several. {@link PacketBatch#HEADROOM} bytes
     * before it are free.
     */
    public IpPacket packet() {
        if (count > 1) {
            finish();
        }
        whole.wrap(buffer, START, length, count > 1 ? segmentSize : 0);
        return whole;
    }

    public void clear() {
        count = 0;
    }

    private boolean begin(IpPacket packet) {
        if (!mayBegin(packet)) {
            return false;
        }
        version = packet.version();
        protocol = packet.protocol();
        headerLength = packet.headerLength();
        headers = headerLength + packet.transportHeaderLength();
        length = packet.totalLength();
        segmentSize = length - headers;
        System.arraycopy(packet.buffer(), packet.offset(), buffer, START, length);
        count = 1;
        ended = false;
        advance(packet, segmentSize);
        return true;
    }

    /** What the next one must be like, after this one with {@code size} bytes of payload. */
    private void advance(IpPacket packet, int size) {
        ended = size < segmentSize || length + segmentSize > IpPacket.LONGEST;
        if (protocol == IpProtocol.TCP) {
            nextSequence = TcpHeader.sequenceNumber(packet.buffer(), packet.transportOffset()) + size;
            ended |= (packet.tcpFlags() & TcpHeader.PSH) != 0;
        }
        if (version == 4) {
            nextIdentification = Ipv4Header.identification(packet.buffer(), packet.offset()) + 1 & 0xffff;
        }
        if (ended && count > 1 && (packet.tcpFlags() & TcpHeader.PSH) != 0) {
            int flags = START + headerLength + TcpHeader.FLAGS_FIELD_OFFSET;
            buffer[flags] |= TcpHeader.PSH;
        }
    }

    private boolean mayBegin(IpPacket packet) {
        int plain = packet.version() == 4 ? Ipv4Header.MIN_LENGTH : Ipv6Header.LENGTH;
        boolean suits = packet.isTcp()
                ? (packet.tcpFlags() & ~ALLOWED_FLAGS) == 0 && (packet.tcpFlags() & TcpHeader.ACK) != 0
                : packet.isUdp() && joinsDatagrams;
        return suits
                && packet.headerLength() == plain
                && !packet.isFragment()
                && packet.transportLength() > packet.transportHeaderLength()
                && hasWholePayload(packet)
                && isIntact(packet);
    }

    private boolean follows(IpPacket packet) {
        int size = packet.totalLength() - headers;
        return packet.version() == version
                && packet.protocol() == protocol
                && packet.headerLength() == headerLength
                && size > 0
                && size <= segmentSize
                && hasSameHeader(packet.buffer(), packet.offset())
                && (protocol == IpProtocol.TCP ? continues(packet) : continuesDatagrams(packet))
                && isIntact(packet);
    }

    private boolean hasSameHeader(byte[] in, int offset) {
        if (version == 4) {
            boolean sameIdentity = (buffer[START + Ipv4Header.FRAGMENT_FIELD_OFFSET] & 0x40) != 0
                    || Ipv4Header.identification(in, offset) == nextIdentification;
            return sameIdentity
                    && same(in, offset, 0, IPV4_FIRST)
                    && same(in, offset, Ipv4Header.FRAGMENT_FIELD_OFFSET, Ipv4Header.CHECKSUM_FIELD_OFFSET)
                    && same(in, offset, Ipv4Header.SOURCE_FIELD_OFFSET, Ipv4Header.MIN_LENGTH);
        }
        return same(in, offset, 0, Ipv6Header.PAYLOAD_LENGTH_FIELD_OFFSET)
                && same(in, offset, Ipv6Header.NEXT_HEADER_FIELD_OFFSET, Ipv6Header.LENGTH);
    }

    private boolean continues(IpPacket packet) {
        byte[] in = packet.buffer();
        int offset = packet.offset();
        return (packet.tcpFlags() & ~TcpHeader.PSH)
                        == (buffer[START + headerLength + TcpHeader.FLAGS_FIELD_OFFSET] & 0xff)
                && TcpHeader.sequenceNumber(in, packet.transportOffset()) == nextSequence
                && same(in, offset, headerLength, headerLength + TcpHeader.SEQUENCE_NUMBER_FIELD_OFFSET)
                && same(
                        in,
                        offset,
                        headerLength + TcpHeader.ACKNOWLEDGMENT_NUMBER_FIELD_OFFSET,
                        headerLength + TcpHeader.FLAGS_FIELD_OFFSET)
                && same(
                        in,
                        offset,
                        headerLength + TcpHeader.WINDOW_FIELD_OFFSET,
                        headerLength + TcpHeader.CHECKSUM_FIELD_OFFSET)
                && same(in, offset, headerLength + TcpHeader.URGENT_POINTER_FIELD_OFFSET, headers);
    }

    private boolean continuesDatagrams(IpPacket packet) {
        return hasWholePayload(packet)
                && same(packet.buffer(), packet.offset(), headerLength, headerLength + UdpHeader.LENGTH_FIELD_OFFSET);
    }

    /** A UDP datagram may be shorter than what IP carries. */
    private static boolean hasWholePayload(IpPacket packet) {
        return packet.isTcp()
                || UdpHeader.length(packet.buffer(), packet.transportOffset()) == packet.transportLength();
    }

    private static boolean isIntact(IpPacket packet) {
        return (packet.version() == 6 || Checksum.of(packet.buffer(), packet.offset(), Ipv4Header.MIN_LENGTH) == 0)
                && TransportChecksum.isRight(packet);
    }

    /** Whether the bytes from one place of the packet to another are those that are there. */
    private boolean same(byte[] in, int offset, int from, int to) {
        return Arrays.equals(in, offset + from, offset + to, buffer, START + from, START + to);
    }

    private void finish() {
        if (version == 4) {
            NetworkOrder.putShort(buffer, START + Ipv4Header.TOTAL_LENGTH_FIELD_OFFSET, length);
            Ipv4Header.writeChecksum(buffer, START);
        } else {
            NetworkOrder.putShort(buffer, START + Ipv6Header.PAYLOAD_LENGTH_FIELD_OFFSET, length - Ipv6Header.LENGTH);
        }
        int transport = START + headerLength;
        int message = length - headerLength;
        if (protocol == IpProtocol.UDP) {
            NetworkOrder.putShort(buffer, transport + UdpHeader.LENGTH_FIELD_OFFSET, message);
        }
        int addresses = START + (version == 4 ? Ipv4Header.SOURCE_FIELD_OFFSET : Ipv6Header.SOURCE_FIELD_OFFSET);
        TransportChecksum.writePartial(version, protocol, buffer, addresses, transport, message);
    }
}
