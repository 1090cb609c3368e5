package dev.sluice.datapath.simulation;

import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.Packets;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Sends a datagram every so often and counts what comes back. */
final class Heartbeats implements Application {
    private static final int REMOTE_PORT = 7;

    private final World world;
    private final SimulatedClient client;
    private final int port;
    private final String address;
    private Duration interval = Duration.ofMillis(250);
    private boolean stopped;
    private long sent;
    private long answered;
    private long refused;
    private long lastAnswerAt;

    Heartbeats(World world, SimulatedClient client, int port, String address) {
        this.world = world;
        this.client = client;
        this.port = port;
        this.address = address;
    }

    Heartbeats every(Duration pause) {
        interval = pause;
        return this;
    }

    void stop() {
        stopped = true;
    }

    int port() {
        return port;
    }

    long sent() {
        return sent;
    }

    long answered() {
        return answered;
    }

    long refused() {
        return refused;
    }

    /** In the time of the world. */
    long lastAnswerAt() {
        return lastAnswerAt;
    }

    String address() {
        return address;
    }

    SimulatedClient client() {
        return client;
    }

    @Override
    public void start() {
        if (stopped) {
            return;
        }
        byte[] payload = ByteBuffer.allocate(8).putLong(sent++).array();
        client.fromHost(Packets.udp(client.address(address), port, address, REMOTE_PORT, payload));
        world.timeline().after(interval, this::start);
    }

    @Override
    public void received(IpPacket packet) {
        answered++;
        lastAnswerAt = world.now();
    }

    @Override
    public void refused(IpPacket error) {
        refused++;
    }
}
