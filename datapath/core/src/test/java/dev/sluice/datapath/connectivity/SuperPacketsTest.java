package dev.sluice.datapath.connectivity;

import static dev.sluice.datapath.connectivity.VirtualNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.Coalescing;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.Packets;
import dev.sluice.datapath.wire.TcpHeader;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Super-packets go into a connection whole, through the network packet by packet, and out of it whole. */
class SuperPacketsTest {
    private static final int SIZE = 1_000;
    private static final byte[] PAYLOAD = new byte[10 * SIZE - 7];

    static {
        new Random(1).nextBytes(PAYLOAD);
    }

    private final VirtualNetwork network = VirtualNetwork.connected(7);
    private final byte[] stream = Packets.tcp("10.1.0.1", 1, "10.1.0.2", 2, TcpHeader.ACK, PAYLOAD);

    @Test
    void shouldCutWhatGoesOutAndPutTogetherWhatComesIn() {
        network.gateway.connections.coalesce(Coalescing.STREAMS);
        long before = network.client.connection().packetsSent();
        sendStream();
        network.run(SECOND);
        assertThat(network.client.connection().packetsSent() - before).isEqualTo(10);
        assertThat(network.gateway.delivered).as("until the batch is over").isEmpty();

        network.gateway.connections.endBatch();

        assertThat(network.gateway.segmentSizes).containsExactly(SIZE);
        byte[] whole = network.gateway.delivered.getFirst();
        assertThat(Arrays.copyOfRange(whole, 40, whole.length)).isEqualTo(PAYLOAD);
        network.assertBalanced();
    }

    @Test
    void shouldHandOverPacketByPacketWhereTheHostTakesNothingTogether() {
        sendStream();
        network.run(SECOND);

        assertThat(network.gateway.delivered).hasSize(10);
        assertThat(network.gateway.segmentSizes).containsOnly(0);
    }

    @Test
    void shouldKeepTheOrderWithWhatStaysApart() {
        network.gateway.connections.coalesce(Coalescing.STREAMS_AND_DATAGRAMS);
        byte[] ping = Packets.echoRequest("10.1.0.1", "10.1.0.2", new byte[1]);
        network.client.send(ping);
        sendStream();
        network.client.send(ping);
        network.client.send((byte) 'x');
        network.run(SECOND);
        network.gateway.connections.endBatch();

        assertThat(network.gateway.segmentSizes).containsExactly(0, SIZE, 0, 0);
    }

    /** Who says goodbye has sent what came before it. */
    @Test
    void shouldHandOverWhatCameBeforeAGoodbye() {
        network.gateway.connections.coalesce(Coalescing.STREAMS);
        sendStream();
        network.client.connections.close(network.client.connection(), network.now);
        network.run(SECOND);

        assertThat(network.gateway.segmentSizes).containsExactly(SIZE);
        assertThat(network.gateway.failures).hasSize(1);
    }

    private void sendStream() {
        IpPacket packet = new IpPacket();
        assertThat(packet.wrap(stream, 0, stream.length, SIZE)).isEqualTo(IpPacket.Status.VALID);
        network.client.connections.send(network.client.connection(), packet, network.now);
    }
}
