package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.PacketBatch;

/**
 * Carries batches from the TUN device and the sockets to a state machine. One bad packet costs that packet.
 *
 * <p>A packet's way out, from the host to a peer, all on one loop and without a copy that is not named:
 *
 * <ol>
 *   <li>{@link TunDevice#read}: what waits is read behind each other into one array, super-packets whole;
 *   <li>the client's or the gateway's path: whose it is and whether it may pass, once for all that a super-packet stands for;
 *   <li>{@code Connections.send}: a super-packet is cut, each part copied into scratch space with headers of its own;
 *   <li>{@code Peer.seal}: from there into scratch space again, encrypted; sequential, for each takes the next counter;
 *   <li>{@link DatagramSockets#send}: copied behind the datagram before it, with which it is one train if it goes the same way;
 *   <li>{@link DatagramSockets#flush}, by {@link EventLoop#finish} at the batch's end: one call for all trains of a socket.
 * </ol>
 *
 * <p>And in, from a peer to the host:
 *
 * <ol>
 *   <li>{@link DatagramSockets.Receiver#received}: a batch of trains, copied into one array;
 *   <li>{@code Demultiplexer}: each datagram finds its connection by the receiver index;
 *   <li>{@code Peer.open}: checked, then decrypted where it lies; sequential, for the replay window is;
 *   <li>{@code Arrivals}: copied behind the packet before it, if it belongs to the same flow and follows it;
 *   <li>the client's or the gateway's path, once for what was put together;
 *   <li>{@link TunDevice#write}: one call for it.
 * </ol>
 */
public final class PacketPump implements DatagramSockets.Receiver {
    /** The state machine's inputs for packets. */
    public interface Machine {
        /** @param segmentSize of a super-packet; else 0 */
        void handleTun(byte[] packet, int offset, int length, int segmentSize, long now);

        /** May overwrite the datagram. */
        void handleDatagram(Endpoint local, Endpoint remote, byte[] datagram, int offset, int length, long now);

        /** These were all datagrams that came together. */
        void endBatch(long now);
    }

    private final EventLoop loop;
    private final TunDevice tun;
    private final Machine machine;
    private final PacketBatch batch;

    public PacketPump(EventLoop loop, TunDevice tun, Machine machine) {
        this.loop = loop;
        this.tun = tun;
        this.machine = machine;
        this.batch = tun.newBatch();
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
    public void received(DatagramBatch batch) {
        long now = loop.now();
        for (int i = 0; i < batch.size(); i++) {
            int end = batch.offset(i) + batch.length(i);
            int next = batch.offset(i);
            do {
                int length = Math.min(batch.segmentSize(i), end - next);
                try {
                    machine.handleDatagram(batch.local(i), batch.remote(i), batch.buffer(), next, length, now);
                } catch (RuntimeException failure) {
                    loop.failed(failure);
                }
                next += batch.segmentSize(i);
            } while (next < end);
        }
        try {
            machine.endBatch(now);
        } catch (RuntimeException failure) {
            loop.failed(failure);
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
                machine.handleTun(buffer, batch.offset(i), batch.length(i), batch.segmentSize(i), now);
            } catch (RuntimeException failure) {
                loop.failed(failure);
            }
        }
        loop.finish(now);
    }
}
