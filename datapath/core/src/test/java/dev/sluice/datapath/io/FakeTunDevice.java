package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Coalescing;
import dev.sluice.datapath.wire.PacketBatch;
import io.netty.channel.IoEventLoop;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A device without a host: a test is the host. */
public final class FakeTunDevice implements TunDevice {
    private final Queue<byte[]> waiting = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<byte[]> written = new LinkedBlockingQueue<>();
    private volatile IoEventLoop loop;
    private volatile Runnable readable;
    private boolean closed;

    /** The host sends a packet into the device. */
    public void inject(byte[] packet) {
        waiting.add(packet);
        wake();
    }

    /** What arrived at the host. */
    public BlockingQueue<byte[]> written() {
        return written;
    }

    @Override
    public String name() {
        return "fake0";
    }

    @Override
    public int mtu() {
        return 1280;
    }

    @Override
    public Coalescing coalescing() {
        return Coalescing.NOTHING;
    }

    @Override
    public PacketBatch newBatch() {
        return new PacketBatch(16, PacketBatch.HEADROOM, mtu());
    }

    @Override
    public void listen(IoEventLoop on, Runnable callback, Runnable lost) {
        if (readable != null) {
            throw new IllegalStateException("listened to already");
        }
        loop = on;
        readable = callback;
        wake();
    }

    @Override
    public int read(PacketBatch batch) {
        int count = 0;
        while (!closed && !batch.isFull() && !waiting.isEmpty()) {
            byte[] packet = waiting.remove();
            batch.append(packet, 0, packet.length);
            count++;
        }
        return count;
    }

    @Override
    public boolean write(byte[] packet, int offset, int length, int segmentSize) {
        int version = packet[offset] >>> 4;
        if (closed || (version != 4 && version != 6)) {
            return false;
        }
        written.add(Arrays.copyOfRange(packet, offset, offset + length));
        return true;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void wake() {
        IoEventLoop listening = loop;
        if (listening != null) {
            listening.execute(() -> {
                if (!closed && !waiting.isEmpty()) {
                    readable.run();
                    wake();
                }
            });
        }
    }
}
