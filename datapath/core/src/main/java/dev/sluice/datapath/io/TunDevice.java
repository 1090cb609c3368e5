package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Coalescing;
import dev.sluice.datapath.wire.PacketBatch;
import io.netty.channel.IoEventLoop;

/**
 * A network device whose other side is this process: what the host sends to it is read here, what is written here
 * arrives at the host. Used from one event loop. Every implementation passes {@code TunDeviceCompatibilityKit}.
 */
public interface TunDevice extends AutoCloseable {
    /** The interface's name on the host. */
    String name();

    /** The longest packet either way, in bytes; a super-packet is longer. */
    int mtu();

    /** What the host takes together. */
    Coalescing coalescing();

    /** A batch for {@link #read}: a wake-up's worth, with room for the longest packet that the host hands over. */
    PacketBatch newBatch();

    /**
     * Calls {@code readable} on {@code loop} whenever packets wait, again and again as long as some do; and {@code lost}
     * once, if somebody else removes the device.
     *
     * @throws IllegalStateException on a second call
     */
    void listen(IoEventLoop loop, Runnable readable, Runnable lost);

    /**
     * Appends what waits to {@code batch}, until nothing does or the batch is full. Never blocks. Of a super-packet the
     * transport's checksum is left to be made with its segments, of any other packet it is whole.
     *
     * @param batch with {@link PacketBatch#HEADROOM} before each packet
     * @return how many packets were appended
     */
    int read(PacketBatch batch);

    /**
     * Gives one packet to the host. Never blocks.
     *
     * @param packet is overwritten in the {@link PacketBatch#HEADROOM} bytes before {@code offset}
     * @param segmentSize of a super-packet, as of {@link #coalescing} and with a partial checksum; else 0
     * @return false when the host did not take it: malformed, the device down, or no room
     */
    boolean write(byte[] packet, int offset, int length, int segmentSize);

    /** Removes the device, and with it its addresses and routes. */
    @Override
    void close();
}
