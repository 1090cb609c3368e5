package dev.sluice.datapath.simulation;

import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.Packets;
import dev.sluice.datapath.wire.TcpHeader;
import java.time.Duration;

/** One TCP connection with one request and one answer, as patient as an ordinary kernel. */
final class Fetch implements Application {
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(1);
    private static final int MOST_ATTEMPTS = 6;

    /** What became of it. */
    enum Result {
        PENDING,
        ANSWERED,
        PROHIBITED,
        UNREACHABLE,
        TIMED_OUT
    }

    private final World world;
    private final SimulatedClient client;
    private final int port;
    private final String address;
    private final int remotePort;
    private final long startedAt;
    private long endedAt;
    private Result result = Result.PENDING;
    private boolean connected;
    private int attempts;

    Fetch(World world, SimulatedClient client, int port, String address, int remotePort) {
        this.world = world;
        this.client = client;
        this.port = port;
        this.address = address;
        this.remotePort = remotePort;
        this.startedAt = world.now();
    }

    int port() {
        return port;
    }

    Result result() {
        return result;
    }

    boolean isDone() {
        return result != Result.PENDING;
    }

    Duration took() {
        return Duration.ofNanos(endedAt - startedAt);
    }

    @Override
    public void start() {
        push();
    }

    @Override
    public void received(IpPacket packet) {
        if (isDone()) {
            return;
        }
        boolean handshake = (packet.tcpFlags() & TcpHeader.SYN) != 0;
        if (handshake && !connected) {
            connected = true;
            attempts = 0;
            push();
        } else if (!handshake && connected) {
            end(Result.ANSWERED);
        }
    }

    /** An error ends a connection that is being made, and one that exists only slowly. */
    @Override
    public void refused(IpPacket error) {
        if (!isDone() && !connected) {
            end(error.isIcmpProhibited() ? Result.PROHIBITED : Result.UNREACHABLE);
        }
    }

    private void push() {
        if (isDone()) {
            return;
        }
        if (attempts == MOST_ATTEMPTS) {
            end(Result.TIMED_OUT);
            return;
        }
        boolean connecting = !connected;
        byte[] payload = connecting ? new byte[0] : new byte[] {1, 2, 3, 4};
        // A repeated SYN differs from the first, as its timestamp would.
        int sequence = connecting ? attempts : MOST_ATTEMPTS;
        client.fromHost(Packets.tcp(
                client.address(address),
                port,
                address,
                remotePort,
                connecting ? TcpHeader.SYN : TcpHeader.ACK,
                sequence,
                1,
                payload));
        Duration patience = FIRST_PATIENCE.multipliedBy(1L << attempts);
        attempts++;
        world.timeline().after(patience, () -> {
            if (connecting != connected) {
                push();
            }
        });
    }

    private void end(Result how) {
        result = how;
        endedAt = world.now();
    }
}
