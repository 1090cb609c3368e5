package dev.sluice.datapath.simulation;

import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.Packets;
import dev.sluice.datapath.wire.TcpHeader;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Asks once for a stream and then only acknowledges: if the stream stops, it sends nothing by itself. */
final class Download implements Application {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int MOST_ATTEMPTS = 8;

    private final World world;
    private final SimulatedClient client;
    private final int port;
    private final String address;
    private final int pieces;
    private int piece;
    private int attempts;
    private long lastPieceAt;
    private long longestPause;

    Download(World world, SimulatedClient client, int port, String address, int pieces) {
        this.world = world;
        this.client = client;
        this.port = port;
        this.address = address;
        this.pieces = pieces;
    }

    int port() {
        return port;
    }

    boolean isDone() {
        return piece == pieces;
    }

    /** How many pieces arrived. */
    int received() {
        return piece;
    }

    Duration longestPause() {
        return Duration.ofNanos(longestPause);
    }

    @Override
    public void start() {
        lastPieceAt = world.now();
        ask();
    }

    @Override
    public void received(IpPacket packet) {
        int sequence = TcpHeader.sequenceNumber(packet.buffer(), packet.transportOffset());
        if ((packet.tcpFlags() & TcpHeader.SYN) != 0 || sequence > piece + 1) {
            return;
        }
        if (sequence == piece + 1) {
            piece++;
            longestPause = Math.max(longestPause, world.now() - lastPieceAt);
            lastPieceAt = world.now();
        }
        send(TcpHeader.ACK, piece + 1, new byte[0]);
    }

    /** A connection that exists outlives errors. */
    @Override
    public void refused(IpPacket error) {}

    private void ask() {
        if (piece == 0 && attempts++ < MOST_ATTEMPTS) {
            send(TcpHeader.ACK, 1, ByteBuffer.allocate(4).putInt(pieces).array());
            world.timeline().after(PATIENCE, this::ask);
        }
    }

    private void send(int flags, int acknowledgment, byte[] payload) {
        client.fromHost(Packets.tcp(
                client.address(address), port, address, ResourceHost.FILES, flags, 1, acknowledgment, payload));
    }
}
