package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.Endpoint;
import java.util.List;
import java.util.UUID;

/** For connections whose doings a test does not look at. */
public final class UnheardOutput implements Connections.Output {
    @Override
    public void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {}

    @Override
    public void deliver(Connection from, byte[] buffer, int offset, int length, int segmentSize) {}

    @Override
    public void signal(UUID peer, List<String> added, List<String> removed) {}

    @Override
    public void failed(Connection connection, Failure why) {}
}
