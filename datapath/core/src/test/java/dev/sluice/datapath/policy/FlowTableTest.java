package dev.sluice.datapath.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.Allocations;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.Packets;
import dev.sluice.datapath.wire.TcpHeader;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FlowTableTest {
    private static final String CLIENT = "100.64.0.5";
    private static final String SERVER = "172.20.0.1";
    private static final String CLIENT_IPV6 = "fd00:2021:1111::5";
    private static final String SERVER_IPV6 = "172:20::1";
    private static final int PACKETS = 20_000;

    private final FlowTable table = new FlowTable(new FlowTable.Budget(1 << 20));
    private long now = 1;

    @Test
    void shouldPassAnswersOnly() {
        assertThat(table.answers(udp(SERVER, 53, CLIENT, 5000), now)).isFalse();
        table.sent(udp(CLIENT, 5000, SERVER, 53), now);

        assertThat(table.answers(udp(SERVER, 53, CLIENT, 5000), now)).isTrue();
        assertThat(table.answers(udp(SERVER, 53, CLIENT, 5001), now)).isFalse();
        assertThat(table.answers(udp(SERVER, 54, CLIENT, 5000), now)).isFalse();
        assertThat(table.answers(udp("172.20.0.2", 53, CLIENT, 5000), now)).isFalse();
        assertThat(table.answers(tcp(SERVER, 53, CLIENT, 5000, TcpHeader.SYN), now))
                .isFalse();
    }

    @Test
    void shouldServeBothFamiliesAndEchoes() {
        table.sent(udp(CLIENT_IPV6, 5000, SERVER_IPV6, 53), now);
        table.sent(Packets.wrapped(Packets.echoRequest(CLIENT, SERVER, new byte[8])), now);

        assertThat(table.answers(udp(SERVER_IPV6, 53, CLIENT_IPV6, 5000), now)).isTrue();
        assertThat(table.answers(Packets.wrapped(Packets.echoReply(SERVER, CLIENT, new byte[8])), now))
                .isTrue();
        assertThat(table.answers(Packets.wrapped(Packets.echoRequest(SERVER, CLIENT, new byte[8])), now))
                .isFalse();
        assertThat(table.answers(Packets.wrapped(Packets.echoReply("172.20.0.2", CLIENT, new byte[8])), now))
                .isFalse();
    }

    @Test
    void shouldForgetWhatIsSilent() {
        table.sent(udp(CLIENT, 5000, SERVER, 53), now);
        now += FlowTable.OTHER_IDLE - 1;
        assertThat(table.answers(udp(SERVER, 53, CLIENT, 5000), now)).isTrue();
        now += FlowTable.OTHER_IDLE - 1;
        assertThat(table.answers(udp(SERVER, 53, CLIENT, 5000), now))
                .as("an answer keeps it")
                .isTrue();
        now += FlowTable.OTHER_IDLE;
        assertThat(table.answers(udp(SERVER, 53, CLIENT, 5000), now)).isFalse();
    }

    @Test
    void shouldKeepAConnectionThatIsIdleForHours() {
        table.sent(tcp(CLIENT, 5000, SERVER, 22, TcpHeader.SYN), now);
        now += FlowTable.TCP_IDLE - 1;

        assertThat(table.answers(tcp(SERVER, 22, CLIENT, 5000, TcpHeader.ACK), now))
                .isTrue();
    }

    @Test
    void shouldForgetAConnectionThatHasEnded() {
        table.sent(tcp(CLIENT, 5000, SERVER, 22, TcpHeader.SYN), now);
        assertThat(table.answers(tcp(SERVER, 22, CLIENT, 5000, TcpHeader.FIN | TcpHeader.ACK), now))
                .isTrue();
        now += FlowTable.TCP_ENDED;
        assertThat(table.answers(tcp(SERVER, 22, CLIENT, 5000, TcpHeader.ACK), now))
                .isFalse();

        table.sent(tcp(CLIENT, 5000, SERVER, 22, TcpHeader.SYN), now);
        now += FlowTable.TCP_ENDED;
        assertThat(table.answers(tcp(SERVER, 22, CLIENT, 5000, TcpHeader.ACK), now))
                .as("the same ports again are a new one")
                .isTrue();
    }

    @Test
    void shouldNeverLetAServerBeginAConnection() {
        table.sent(tcp(CLIENT, 5000, SERVER, 80, TcpHeader.SYN), now);

        assertThat(table.answers(tcp(SERVER, 80, CLIENT, 5000, TcpHeader.SYN), now))
                .isFalse();
        assertThat(table.answers(tcp(SERVER, 80, CLIENT, 22, TcpHeader.SYN), now))
                .isFalse();
    }

    /** A gateway that was restarted in the middle of a download, whose client has nothing to say. */
    @Test
    void shouldLearnOfConnectionsThatAreOlderThanItself() {
        assertThat(table.answers(tcp(SERVER, 80, CLIENT, 5000, TcpHeader.ACK), now))
                .isTrue();
        assertThat(table.answers(tcp(SERVER, 80, CLIENT, 5000, TcpHeader.SYN | TcpHeader.ACK), now))
                .isFalse();
        assertThat(table.answers(udp(SERVER, 80, CLIENT, 5000), now)).isFalse();
        now += FlowTable.LEARNING;
        assertThat(table.answers(tcp(SERVER, 80, CLIENT, 5000, TcpHeader.ACK), now))
                .isFalse();
    }

    @Test
    void shouldGrowAndKeepEveryFlow() {
        for (int port = 1; port <= 2_000; port++) {
            table.sent(udp(CLIENT, port, SERVER, 53), ++now);
        }
        for (int port = 1; port <= 2_000; port++) {
            assertThat(table.answers(udp(SERVER, 53, CLIENT, port), now))
                    .as("%d", port)
                    .isTrue();
        }
    }

    @Test
    void shouldStayWithinItsBounds() {
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            table.sent(udp(CLIENT, random.nextInt(1, 65_536), SERVER, random.nextInt(1, 65_536)), ++now);
        }
        assertThat(table.capacity()).isEqualTo(16_384);

        FlowTable poor = new FlowTable(new FlowTable.Budget(0));
        for (int port = 1; port <= 1_000; port++) {
            poor.sent(udp(CLIENT, port, SERVER, 53), ++now);
        }
        assertThat(poor.capacity()).isEqualTo(64);
        assertThat(poor.answers(udp(SERVER, 53, CLIENT, 1_000), now))
                .as("the newest")
                .isTrue();
    }

    @Test
    void shouldGiveItsShareBack() {
        FlowTable.Budget budget = new FlowTable.Budget(64);
        FlowTable first = new FlowTable(budget);
        fill(first);
        FlowTable second = new FlowTable(budget);
        fill(second);
        assertThat(first.capacity()).isEqualTo(128);
        assertThat(second.capacity()).isEqualTo(64);
        first.release();
        fill(second);
        assertThat(second.capacity()).isEqualTo(128);
    }

    @Test
    void shouldAllocateNothing() {
        IpPacket up = udp(CLIENT, 5000, SERVER, 53);
        IpPacket down = udp(SERVER, 53, CLIENT, 5000);

        long bytes = Allocations.bytes(PACKETS, () -> {
            table.sent(up, now);
            table.answers(down, now);
        });

        assertThat(bytes).isLessThan(PACKETS);
    }

    private void fill(FlowTable filled) {
        for (int port = 1; port <= 500; port++) {
            filled.sent(udp(CLIENT, port, SERVER, 53), ++now);
        }
    }

    private static IpPacket udp(String source, int sourcePort, String destination, int destinationPort) {
        return Packets.wrapped(Packets.udp(source, sourcePort, destination, destinationPort, new byte[8]));
    }

    private static IpPacket tcp(String source, int sourcePort, String destination, int destinationPort, int flags) {
        return Packets.wrapped(Packets.tcp(source, sourcePort, destination, destinationPort, flags, new byte[0]));
    }
}
