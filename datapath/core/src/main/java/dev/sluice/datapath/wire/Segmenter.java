package dev.sluice.datapath.wire;

/**
 * Cuts a super-packet into the packets that it stands for: what a network card does for a host that leaves the cutting of
 * TCP streams (TSO) and of trains of equal UDP datagrams (USO) to it.
 *
 * <pre>
 *   super-packet   | IP | TCP | payload 0      | payload 1      | payload 2 |     checksum not made
 *
 *   packet 0       | IP | TCP | payload 0      |      length, identification, sequence number, flags
 *   packet 1       | IP | TCP | payload 1      |      and checksums are each packet's own
 *   packet 2       | IP | TCP | payload 2 |
 * </pre>
 *
 * <p>PSH and FIN are the last packet's, CWR is the first one's (RFC 3168 §6.1.2: once a window). Mutable, for one thread,
 * and without allocation.
 */
public final class Segmenter {
    private static final int LAST_ONLY = TcpHeader.PSH | TcpHeader.FIN;

    private IpPacket packet = new IpPacket();
    private int headers;
    private int payload;
    private int segmentSize;
    private int count;

    /**
     * Begins with another packet; it must stay as it is until all of it was {@linkplain #write written}.
     *
     * @param superPacket valid, TCP or UDP, with a segment size
     * @return into how many packets it is cut
     */
    public int begin(IpPacket superPacket) {
        packet = superPacket;
        headers = superPacket.headerLength() + superPacket.transportHeaderLength();
        payload = superPacket.totalLength() - headers;
        segmentSize = superPacket.segmentSize();
        count = superPacket.segments();
        return count;
    }

    /**
     * Writes one of the packets.
     *
     * @param index from 0
     * @param out another array than the super-packet's, with room for its headers and a segment
     * @return the packet's length
     */
    public int write(int index, byte[] out, int offset) {
        int begin = index * segmentSize;
        int size = Math.min(segmentSize, payload - begin);
        byte[] in = packet.buffer();
        System.arraycopy(in, packet.offset(), out, offset, headers);
        System.arraycopy(in, packet.offset() + headers + begin, out, offset + headers, size);
        int length = headers + size;
        if (packet.version() == 4) {
            NetworkOrder.putShort(out, offset + Ipv4Header.TOTAL_LENGTH_FIELD_OFFSET, length);
            NetworkOrder.putShort(
                    out,
                    offset + Ipv4Header.IDENTIFICATION_FIELD_OFFSET,
                    Ipv4Header.identification(in, packet.offset()) + index);
            Ipv4Header.writeChecksum(out, offset);
        } else {
            NetworkOrder.putShort(out, offset + Ipv6Header.PAYLOAD_LENGTH_FIELD_OFFSET, length - Ipv6Header.LENGTH);
        }
        int transport = offset + packet.headerLength();
        if (packet.isTcp()) {
            finishTcp(index, out, transport);
        } else {
            NetworkOrder.putShort(out, transport + UdpHeader.LENGTH_FIELD_OFFSET, UdpHeader.LENGTH + size);
        }
        TransportChecksum.write(
                packet.version(),
                packet.protocol(),
                out,
                offset + packet.sourceOffset() - packet.offset(),
                transport,
                length - packet.headerLength());
        return length;
    }

    private void finishTcp(int index, byte[] out, int transport) {
        int sequence = TcpHeader.sequenceNumber(out, transport) + index * segmentSize;
        NetworkOrder.putInt(out, transport + TcpHeader.SEQUENCE_NUMBER_FIELD_OFFSET, sequence);
        int flags = TcpHeader.flags(out, transport);
        if (index > 0) {
            flags &= ~TcpHeader.CWR;
        }
        if (index < count - 1) {
            flags &= ~LAST_ONLY;
        }
        NetworkOrder.putByte(out, transport + TcpHeader.FLAGS_FIELD_OFFSET, flags);
    }
}
