package dev.sluice.datapath.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link Segmenter} and {@link Coalescer}: what is cut is whole, what is put together is what was cut. */
class SuperPacketTest {
    private static final long SEED = 0x6503L;
    private static final int SIZE = 100;

    private final Coalescer coalescer = new Coalescer(true);

    @ParameterizedTest
    @MethodSource("families")
    void shouldCutTcpIntoPacketsThatAreWhole(String source, String destination) {
        byte[] payload = random(SIZE * 2 + 30);
        int flags = TcpHeader.ACK | TcpHeader.PSH | TcpHeader.FIN | TcpHeader.CWR;
        byte[] superPacket = Packets.tcp(source, 1, destination, 2, flags, 7, 8, payload);

        List<byte[]> cut = cut(superPacket);

        assertThat(cut).hasSize(3);
        int position = 0;
        for (int i = 0; i < cut.size(); i++) {
            IpPacket packet = Packets.wrapped(cut.get(i));
            assertThat(TransportChecksum.isRight(packet)).as("packet %d", i).isTrue();
            assertThat(packet.totalLength()).isEqualTo(cut.get(i).length);
            assertThat(TcpHeader.sequenceNumber(cut.get(i), packet.transportOffset()))
                    .isEqualTo(7 + i * SIZE);
            assertThat(packet.tcpFlags() & (TcpHeader.PSH | TcpHeader.FIN))
                    .as("flags of packet %d", i)
                    .isEqualTo(i == 2 ? TcpHeader.PSH | TcpHeader.FIN : 0);
            assertThat(packet.tcpFlags() & TcpHeader.CWR).isEqualTo(i == 0 ? TcpHeader.CWR : 0);
            assertThat(payload(cut.get(i)))
                    .isEqualTo(Arrays.copyOfRange(payload, position, position + payload(cut.get(i)).length));
            position += payload(cut.get(i)).length;
        }
        assertThat(position).isEqualTo(payload.length);
    }

    @ParameterizedTest
    @MethodSource("families")
    void shouldCutUdpIntoDatagrams(String source, String destination) {
        byte[] superPacket = Packets.udp(source, 1, destination, 2, random(SIZE * 3));

        List<byte[]> cut = cut(superPacket);

        assertThat(cut).hasSize(3);
        for (byte[] packet : cut) {
            assertThat(TransportChecksum.isRight(Packets.wrapped(packet))).isTrue();
            assertThat(payload(packet)).hasSize(SIZE);
        }
    }

    @Test
    void shouldCountTheIdentificationOfIpv4() {
        byte[] superPacket = Packets.udp("192.0.2.1", 1, "192.0.2.2", 2, random(SIZE * 2));
        NetworkOrder.putShort(superPacket, Ipv4Header.IDENTIFICATION_FIELD_OFFSET, 0xffff);
        Ipv4Header.writeChecksum(superPacket, 0);

        List<byte[]> cut = cut(superPacket);

        assertThat(cut)
                .extracting(packet -> Ipv4Header.identification(packet, 0))
                .containsExactly(0xffff, 0);
        assertThat(cut).allMatch(packet -> Checksum.of(packet, 0, Ipv4Header.MIN_LENGTH) == 0);
    }

    @ParameterizedTest
    @MethodSource("families")
    void shouldPutTogetherWhatWasCut(String source, String destination) {
        Random random = new Random(SEED);
        for (int i = 0; i < 500; i++) {
            byte[] payload = random(1 + random.nextInt(20 * SIZE));
            boolean tcp = random.nextBoolean();
            int flags = random.nextBoolean() ? TcpHeader.ACK : TcpHeader.ACK | TcpHeader.PSH;
            byte[] superPacket = tcp
                    ? Packets.tcp(source, 1, destination, 2, flags, random.nextInt(), 3, payload)
                    : Packets.udp(source, 1, destination, 2, payload);

            coalescer.clear();
            for (byte[] packet : cut(superPacket)) {
                assertThat(coalescer.add(Packets.wrapped(packet)))
                        .as("seed %x, round %d", SEED, i)
                        .isTrue();
            }

            IpPacket together = coalescer.packet();
            assertThat(together.segments()).isEqualTo((payload.length + SIZE - 1) / SIZE);
            byte[] bytes = bytes(together);
            if (together.segments() > 1) {
                complete(bytes);
            }
            assertThat(bytes).as("seed %x, round %d", SEED, i).isEqualTo(superPacket);
        }
    }

    @Test
    void shouldLeaveTheSumOfThePseudoHeaderWhereTheHostMakesTheRest() {
        List<byte[]> cut = cut(Packets.tcp("192.0.2.1", 1, "192.0.2.2", 2, TcpHeader.ACK, 1, 2, random(2 * SIZE)));
        cut.forEach(packet -> coalescer.add(Packets.wrapped(packet)));

        byte[] together = bytes(coalescer.packet());
        byte[] message = Arrays.copyOfRange(together, Ipv4Header.MIN_LENGTH, together.length);

        // The host adds the message, the field included, and complements.
        int checksum = Checksum.of(message, 0, message.length);
        complete(together);
        assertThat(checksum).isEqualTo(TcpHeader.checksum(together, Ipv4Header.MIN_LENGTH));
    }

    @Test
    void shouldEndWithAShorterOneAndWithPush() {
        coalescer.add(Packets.wrapped(segment(0, SIZE, TcpHeader.ACK)));
        assertThat(coalescer.add(Packets.wrapped(segment(SIZE, SIZE - 1, TcpHeader.ACK))))
                .isTrue();
        assertThat(coalescer.add(Packets.wrapped(segment(2 * SIZE - 1, SIZE, TcpHeader.ACK))))
                .isFalse();

        coalescer.clear();
        coalescer.add(Packets.wrapped(segment(0, SIZE, TcpHeader.ACK)));
        assertThat(coalescer.add(Packets.wrapped(segment(SIZE, SIZE, TcpHeader.ACK | TcpHeader.PSH))))
                .isTrue();
        assertThat(coalescer.add(Packets.wrapped(segment(2 * SIZE, SIZE, TcpHeader.ACK))))
                .isFalse();
        assertThat(coalescer.packet().tcpFlags()).isEqualTo(TcpHeader.ACK | TcpHeader.PSH);
    }

    @Test
    void shouldNotGrowBeyondAnIpPacket() {
        int size = 1_400;
        int taken = 0;
        while (coalescer.add(Packets.wrapped(segment(taken * size, size, TcpHeader.ACK)))) {
            taken++;
        }

        assertThat(taken).isEqualTo((65_535 - 40) / size);
        assertThat(coalescer.packet().segments()).isEqualTo(taken);
    }

    static Stream<Arguments> strangers() {
        return Stream.of(
                stranger("another sequence number", packet -> NetworkOrder.putInt(packet, 24, 2 * SIZE)),
                stranger("another acknowledgment", packet -> NetworkOrder.putInt(packet, 28, 99)),
                stranger("another window", packet -> NetworkOrder.putShort(packet, 34, 99)),
                stranger("urgent data", packet -> NetworkOrder.putShort(packet, 38, 9)),
                stranger("another port", packet -> NetworkOrder.putShort(packet, 20, 9)),
                stranger("another address", packet -> packet[15] = 9),
                stranger("another hop limit", packet -> packet[Ipv4Header.TIME_TO_LIVE_FIELD_OFFSET] = 9),
                stranger("congestion experienced", packet -> packet[Ipv4Header.TYPE_OF_SERVICE_FIELD_OFFSET] = 3),
                stranger("may be fragmented", packet -> packet[Ipv4Header.FRAGMENT_FIELD_OFFSET] = 0),
                stranger("FIN", packet -> packet[33] |= TcpHeader.FIN),
                stranger("CWR", packet -> packet[33] |= (byte) TcpHeader.CWR),
                stranger("ECE", packet -> packet[33] |= TcpHeader.ECE),
                stranger("URG", packet -> packet[33] |= 0x20),
                stranger("a reserved bit", packet -> packet[32] |= 1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangers")
    void shouldKeepApartWhatDoesNotBelongTogether(String what, Consumer<byte[]> change) {
        assertThat(coalescer.add(Packets.wrapped(segment(0, SIZE, TcpHeader.ACK))))
                .isTrue();
        byte[] next = segment(SIZE, SIZE, TcpHeader.ACK);
        change.accept(next);
        complete(next);

        assertThat(coalescer.add(Packets.wrapped(next))).as(what).isFalse();

        assertThat(bytes(coalescer.packet())).isEqualTo(segment(0, SIZE, TcpHeader.ACK));
    }

    @Test
    void shouldKeepOptionsThatDiffer() {
        byte[] first = withTimestamp(segment(0, SIZE, TcpHeader.ACK), 5);
        byte[] same = withTimestamp(segment(SIZE, SIZE, TcpHeader.ACK), 5);
        byte[] later = withTimestamp(segment(2 * SIZE, SIZE, TcpHeader.ACK), 6);

        assertThat(coalescer.add(Packets.wrapped(first))).isTrue();
        assertThat(coalescer.add(Packets.wrapped(same))).isTrue();
        assertThat(coalescer.add(Packets.wrapped(later))).isFalse();
    }

    @Test
    void shouldNotBeginWithWhatNothingCanFollow() {
        byte[] wrongChecksum = segment(0, SIZE, TcpHeader.ACK);
        wrongChecksum[wrongChecksum.length - 1] ^= 1;
        byte[] wrongHeader = segment(0, SIZE, TcpHeader.ACK);
        wrongHeader[Ipv4Header.CHECKSUM_FIELD_OFFSET] ^= 1;
        byte[] withoutChecksum = Packets.udp("192.0.2.1", 1, "192.0.2.2", 2, random(SIZE));
        NetworkOrder.putShort(withoutChecksum, 26, 0);
        byte[] options = Packets.withOptions(segment(0, SIZE, TcpHeader.ACK), new byte[] {1, 1, 1, 0});

        for (byte[] packet : List.of(
                wrongChecksum,
                wrongHeader,
                withoutChecksum,
                options,
                segment(0, 0, TcpHeader.ACK),
                segment(0, SIZE, TcpHeader.SYN),
                segment(0, SIZE, TcpHeader.ACK | TcpHeader.FIN),
                Packets.echoRequest("192.0.2.1", "192.0.2.2", random(SIZE)))) {
            assertThat(coalescer.add(Packets.wrapped(packet))).isFalse();
            assertThat(coalescer.isEmpty()).isTrue();
        }
    }

    @Test
    void shouldNotFollowWithAWrongChecksum() {
        coalescer.add(Packets.wrapped(segment(0, SIZE, TcpHeader.ACK)));
        byte[] damaged = segment(SIZE, SIZE, TcpHeader.ACK);
        damaged[damaged.length - 1] ^= 1;

        assertThat(coalescer.add(Packets.wrapped(damaged))).isFalse();
    }

    @Test
    void shouldLeaveDatagramsApartWhereTheHostCannotTakeThemApart() {
        Coalescer streamsOnly = new Coalescer(false);

        assertThat(streamsOnly.add(Packets.wrapped(Packets.udp("192.0.2.1", 1, "192.0.2.2", 2, random(SIZE)))))
                .isFalse();
    }

    @Test
    void shouldNotTakeForASuperPacketWhatIsNone() {
        IpPacket packet = Packets.wrapped(segment(0, SIZE, TcpHeader.ACK));

        assertThat(packet.segmentSize(0)).isFalse();
        assertThat(packet.segmentSize(SIZE)).as("one segment").isFalse();
        assertThat(packet.segments()).isOne();
        assertThat(packet.segmentSize(SIZE - 1)).isTrue();
        assertThat(packet.segments()).isEqualTo(2);
        assertThat(Packets.wrapped(Packets.echoRequest("192.0.2.1", "192.0.2.2", random(SIZE)))
                        .segmentSize(10))
                .isFalse();
    }

    static Stream<Arguments> families() {
        return Stream.of(Arguments.of("192.0.2.1", "198.51.100.2"), Arguments.of("2001:db8::1", "2001:db8::2"));
    }

    private static Arguments stranger(String what, Consumer<byte[]> change) {
        return Arguments.of(what, change);
    }

    private static List<byte[]> cut(byte[] superPacket) {
        IpPacket packet = Packets.wrapped(superPacket);
        if (!packet.segmentSize(SIZE)) {
            return List.of(superPacket);
        }
        Segmenter segmenter = new Segmenter();
        int count = segmenter.begin(packet);
        byte[] out = new byte[2_000];
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = segmenter.write(i, out, 3);
            packets.add(Arrays.copyOfRange(out, 3, 3 + length));
        }
        return packets;
    }

    private static byte[] segment(int sequence, int size, int flags) {
        byte[] payload = new byte[size];
        Arrays.fill(payload, (byte) sequence);
        return Packets.tcp("192.0.2.1", 1, "198.51.100.2", 2, flags, sequence, 2, payload);
    }

    private static byte[] withTimestamp(byte[] packet, int value) {
        int header = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH;
        byte[] longer = new byte[packet.length + 12];
        System.arraycopy(packet, 0, longer, 0, header);
        System.arraycopy(packet, header, longer, header + 12, packet.length - header);
        longer[Ipv4Header.MIN_LENGTH + TcpHeader.DATA_OFFSET_FIELD_OFFSET] = (byte) (8 << 4);
        NetworkOrder.putInt(longer, header, 0x0101_080a);
        NetworkOrder.putInt(longer, header + 4, value);
        NetworkOrder.putShort(longer, Ipv4Header.TOTAL_LENGTH_FIELD_OFFSET, longer.length);
        complete(longer);
        return longer;
    }

    /** Makes the checksums anew. */
    private static void complete(byte[] packet) {
        IpPacket view = Packets.wrapped(packet);
        if (view.version() == 4) {
            Ipv4Header.writeChecksum(packet, 0);
        }
        TransportChecksum.write(
                view.version(),
                view.protocol(),
                packet,
                view.sourceOffset(),
                view.transportOffset(),
                view.transportLength());
    }

    private static byte[] bytes(IpPacket packet) {
        return Arrays.copyOfRange(packet.buffer(), packet.offset(), packet.offset() + packet.totalLength());
    }

    private static byte[] payload(byte[] packet) {
        IpPacket view = Packets.wrapped(packet);
        return Arrays.copyOfRange(packet, view.headerLength() + view.transportHeaderLength(), view.totalLength());
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(SEED).nextBytes(bytes);
        return bytes;
    }
}
