package dev.sluice.datapath.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wire.Packets;
import dev.sluice.datapath.wire.TcpHeader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UniquePacketsTest {
    private static final String CLIENT = "100.64.0.1";
    private static final String HOST = "172.20.0.1";

    private final PacketLedger ledger = new PacketLedger();
    private final UniquePackets packets = new UniquePackets(ledger);

    @Test
    void shouldKeepAPacketOnce() {
        add(udp(1));
        add(udp(1));
        add(udp(2));

        assertThat(packets.size()).isEqualTo(2);
        assertThat(ledger.dropped(DropReason.DUPLICATE)).isEqualTo(1);
    }

    @Test
    void shouldReplaceARepeatedSyn() {
        add(tcp(1000, TcpHeader.SYN, 1));
        add(tcp(1001, TcpHeader.SYN, 1));
        add(tcp(1000, TcpHeader.SYN, 2));

        assertThat(drained()).containsExactly(tcp(1001, TcpHeader.SYN, 1), tcp(1000, TcpHeader.SYN, 2));
        assertThat(ledger.dropped(DropReason.DUPLICATE)).isEqualTo(1);
    }

    @Test
    void shouldNotTakeASynAckForASyn() {
        add(tcp(1000, TcpHeader.SYN | TcpHeader.ACK, 1));
        add(tcp(1000, TcpHeader.SYN | TcpHeader.ACK, 2));
        add(tcp(1000, TcpHeader.SYN, 3));

        assertThat(packets.size()).isEqualTo(3);
    }

    @Test
    void shouldLoseTheOldestOfTooMany() {
        for (int i = 0; i <= UniquePackets.CAPACITY; i++) {
            add(udp(i + 1));
        }

        assertThat(packets.size()).isEqualTo(UniquePackets.CAPACITY);
        assertThat(ledger.dropped(DropReason.QUEUE_FULL)).isEqualTo(1);
        assertThat(drained().getFirst()).isEqualTo(udp(2));
    }

    @Test
    void shouldAccountForEveryPacket() {
        for (int i = 0; i < 200; i++) {
            ledger.receive();
            add(udp(i % 150 + 1));
        }
        assertThat(ledger.counts().balanced()).isTrue();

        packets.drop(DropReason.CLOSED);

        assertThat(ledger.held()).isZero();
        assertThat(ledger.counts().balanced()).isTrue();
    }

    private void add(byte[] packet) {
        packets.add(Packets.wrapped(packet));
    }

    private List<byte[]> drained() {
        List<byte[]> all = new ArrayList<>();
        packets.drainTo((buffer, offset, length) -> all.add(buffer));
        return all;
    }

    private static byte[] udp(int port) {
        return Packets.udp(CLIENT, port, HOST, 7, new byte[4]);
    }

    private static byte[] tcp(int port, int flags, int sequence) {
        return Packets.tcp(CLIENT, port, HOST, 80, flags, sequence, 0, new byte[0]);
    }
}
