package dev.sluice.datapath.wire;

/** Takes packets for the host. */
@FunctionalInterface
public interface TunSink {
    /**
     * Takes a packet, which is valid during the call only.
     *
     * @param buffer is overwritten in the {@link PacketBatch#HEADROOM} bytes before {@code offset}
     * @param segmentSize of a super-packet, whose checksum is partial; else 0
     * @return whether the host took it
     */
    boolean accept(byte[] buffer, int offset, int length, int segmentSize);
}
