package dev.sluice.datapath.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class WireGuardMessageTest {
    private final byte[] buffer = new byte[200];

    @Test
    void shouldWriteLittleEndianHeaders() {
        HandshakeInitiation.header(buffer, 0, 0x01020304);
        assertThat(hex(0, 8)).isEqualTo("0100000004030201");
        HandshakeResponse.header(buffer, 10, 0x01020304, 0x0a0b0c0d);
        assertThat(hex(10, 12)).isEqualTo("02000000040302010d0c0b0a");
        CookieReply.header(buffer, 30, 0xfffefdfc);
        assertThat(hex(30, 8)).isEqualTo("03000000fcfdfeff");
        TransportData.header(buffer, 50, 0x01020304, 0x0102030405060708L);
        assertThat(hex(50, 16)).isEqualTo("04000000040302010807060504030201");
    }

    @Test
    void shouldReadWhatItWrote() {
        HandshakeInitiation.header(buffer, 1, 7);
        assertThat(HandshakeInitiation.senderIndex(buffer, 1)).isEqualTo(7);
        HandshakeResponse.header(buffer, 1, 8, -9);
        assertThat(HandshakeResponse.senderIndex(buffer, 1)).isEqualTo(8);
        assertThat(HandshakeResponse.receiverIndex(buffer, 1)).isEqualTo(-9);
        CookieReply.header(buffer, 1, 10);
        assertThat(CookieReply.receiverIndex(buffer, 1)).isEqualTo(10);
        TransportData.header(buffer, 1, 11, -12);
        assertThat(TransportData.receiverIndex(buffer, 1)).isEqualTo(11);
        assertThat(TransportData.counter(buffer, 1)).isEqualTo(-12);
    }

    @Test
    void shouldMatchByTypeAndLength() {
        assertMatches(1, 148);
        assertMatches(2, 92);
        assertMatches(3, 64);
        for (int length = 0; length < buffer.length; length++) {
            assertThat(matches(4, length)).isEqualTo(length >= 32);
            assertThat(matches(0, length)).isFalse();
            assertThat(matches(5, length)).isFalse();
            assertThat(matches(0x104, length)).isFalse();
        }
    }

    @Test
    void shouldHaveNoTypeWhenTooShort() {
        buffer[0] = 4;
        for (int length = 0; length < WireGuardMessage.HEADER_LENGTH; length++) {
            assertThat(WireGuardMessage.type(buffer, 0, length)).isZero();
        }
        assertThat(WireGuardMessage.type(buffer, 0, 4)).isEqualTo(4);
    }

    private void assertMatches(int type, int expected) {
        for (int length = 0; length < buffer.length; length++) {
            assertThat(matches(type, length)).isEqualTo(length == expected);
        }
    }

    private boolean matches(int type, int length) {
        WireGuardMessage.INT.set(buffer, 0, type);
        return WireGuardMessage.matches(buffer, 0, length);
    }

    private String hex(int offset, int length) {
        return HexFormat.of().formatHex(buffer, offset, offset + length);
    }
}
