package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.PacketBatch;

/**
 * Carries batches from the TUN device and the sockets to a state machine. One bad packet costs that packet.
 */
public final class PacketPump implements DatagramSockets.Receiver {
    /** The state machine's two inputs for packets. */
    public interface Machine {
        void handleTun(byte[] packet, int offset, int length, long now);

        void handleDatagram(Endpoint local, Endpoint remote, byte[] datagram, int offset, int length, long now);
    }

    /** Packets of one wake-up: the sockets and timers of the loop get their turn between two batches. */
    private static final int BATCH = 128;

    private final EventLoop loop;
    private final TunDevice tun;
    private final Machine machine;
    private final PacketBatch batch;

    public PacketPump(EventLoop loop, TunDevice tun, Machine machine) {
        this.loop = loop;
        this.tun = tun;
        this.machine = machine;
        this.batch = new PacketBatch(BATCH, 0, tun.mtu());
    }

    /**
     * Begins to read the TUN device. On the loop.
     *
     * @param lost is called if somebody removes the device
     */
    public void start(Runnable lost) {
        tun.listen(loop.netty(), this::readTun, lost);
    }

    @Override
    public void received(Endpoint local, DatagramBatch datagrams) {
        long now = loop.now();
        PacketBatch packets = datagrams.packets();
        byte[] buffer = packets.buffer();
        for (int i = 0; i < packets.size(); i++) {
            try {
                machine.handleDatagram(
                        datagrams.local(i), datagrams.remote(i), buffer, packets.offset(i), packets.length(i), now);
            } catch (RuntimeException failure) {
                loop.failed(failure);
            }
        }
        loop.finish(now);
    }

    private void readTun() {
        batch.clear();
        tun.read(batch);
        long now = loop.now();
        byte[] buffer = batch.buffer();
        for (int i = 0; i < batch.size(); i++) {
            try {
                machine.handleTun(buffer, batch.offset(i), batch.length(i), now);
            } catch (RuntimeException failure) {
                loop.failed(failure);
            }
        }
        loop.finish(now);
    }
}
