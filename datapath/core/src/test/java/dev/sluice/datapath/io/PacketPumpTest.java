package dev.sluice.datapath.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.Endpoint;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PacketPumpTest {
    private static final Endpoint LOCAL = Endpoint.parse("192.0.2.1:1");
    private static final Endpoint REMOTE = Endpoint.parse("192.0.2.2:2");

    private final EventLoop loop = new EventLoop("pump");
    private final List<String> handled = new ArrayList<>();
    private final PacketPump pump = new PacketPump(loop, new FakeTunDevice(), new Machine());
    private final DatagramBatch batch = new DatagramBatch(3, 100);

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void shouldHandOverEachDatagramOfATrainAndThenEndTheBatch() {
        append(25, 10);
        append(7, 0);

        pump.received(batch);

        assertThat(handled).containsExactly("10", "10", "5", "7", "end");
    }

    /** It is no packet of anybody's, and has to be counted as that. */
    @Test
    void shouldHandOverAnEmptyDatagram() {
        append(0, 0);

        pump.received(batch);

        assertThat(handled).containsExactly("0", "end");
    }

    private void append(int length, int segmentSize) {
        batch.append(MemorySegment.ofArray(new byte[100]), 0, length, segmentSize, LOCAL, REMOTE);
    }

    private final class Machine implements PacketPump.Machine {
        @Override
        public void handleTun(byte[] packet, int offset, int length, int segmentSize, long now) {
            throw new AssertionError("nothing came from the host");
        }

        @Override
        public void handleDatagram(Endpoint local, Endpoint remote, byte[] datagram, int offset, int length, long now) {
            assertThat(local).isEqualTo(LOCAL);
            assertThat(remote).isEqualTo(REMOTE);
            handled.add(Integer.toString(length));
        }

        @Override
        public void endBatch(long now) {
            handled.add("end");
        }
    }
}
