package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.PacketBatch;
import io.netty.channel.IoEventLoop;

/**
 * A network device whose other side is this process: what the host sends to it is read here, what is written here
 * arrives at the host. Used from one event loop. Every implementation passes {@code TunDeviceCompatibilityKit}.
 */
public interface TunDevice extends AutoCloseable {
    /** The interface's name on the host. */
    String name();

    /** The longest packet either way, in bytes. */
    int mtu();

    /**
     * Calls {@code readable} on {@code loop} whenever packets wait, again and again as long as some do; and {@code lost}
     * once, if somebody else removes the device.
     *
     * @throws IllegalStateException on a second call
     */
    void listen(IoEventLoop loop, Runnable readable, Runnable lost);

    /**
     * Appends what waits to {@code batch}, until nothing does or the batch is full. Never blocks.
     *
     * @return how many packets were appended
     */
    int read(PacketBatch batch);

    /**
     * Gives one packet to the host. Never blocks.
     *
     * @return false when the host did not take it: malformed, the device down, or no room
     */
    boolean write(byte[] packet, int offset, int length);

    /** Removes the device, and with it its addresses and routes. */
    @Override
    void close();
}
