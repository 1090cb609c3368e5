package dev.sluice.datapath.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ControlPacketTest {
    @Test
    void shouldWriteGoodbyeAsOnTheWire() {
        assertThat(HexFormat.of().formatHex(ControlPacket.goodbye()))
                .isEqualTo("600000000008ff00" + "00".repeat(32) + "0200000000000000");
    }

    @Test
    void shouldReadWhatItWrites() {
        byte[] payload = "{\"status\":\"Active\"}".getBytes(StandardCharsets.UTF_8);
        IpPacket packet = Packets.wrapped(ControlPacket.packet(1, payload));

        assertThat(ControlPacket.matches(packet)).isTrue();
        assertThat(ControlPacket.event(packet)).isEqualTo(1);
        assertThat(ControlPacket.payload(packet)).isEqualTo(payload);
        assertThat(ControlPacket.event(Packets.wrapped(ControlPacket.goodbye())))
                .isEqualTo(ControlPacket.GOODBYE);
    }

    @Test
    void shouldNotMistakeOtherPacketsForControl() {
        byte[] fromSomeone = ControlPacket.goodbye();
        fromSomeone[Ipv6Header.SOURCE_FIELD_OFFSET + 15] = 1;
        byte[] toSomeone = ControlPacket.goodbye();
        toSomeone[Ipv6Header.DESTINATION_FIELD_OFFSET] = 1;
        byte[] truncated = ControlPacket.goodbye();
        truncated[Ipv6Header.PAYLOAD_LENGTH_FIELD_OFFSET + 1] = 7;
        byte[] extended = Packets.withExtension(ControlPacket.goodbye(), IpProtocol.HOP_BY_HOP, new byte[8]);

        assertThat(ControlPacket.matches(Packets.wrapped(fromSomeone))).isFalse();
        assertThat(ControlPacket.matches(Packets.wrapped(toSomeone))).isFalse();
        assertThat(ControlPacket.matches(Packets.wrapped(truncated))).isFalse();
        assertThat(ControlPacket.matches(Packets.wrapped(extended))).isFalse();
        assertThat(ControlPacket.matches(Packets.wrapped(Packets.ip("0.0.0.0", "0.0.0.0", 255, new byte[64]))))
                .isFalse();
    }

    @Test
    void shouldRefuseAPayloadThatNoPacketHolds() {
        assertThatIllegalArgumentException().isThrownBy(() -> ControlPacket.packet(0, new byte[65536]));
    }
}
