package dev.sluice.datapath.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Tai64nTest {
    private static final byte[] NEVER = new byte[Tai64n.LENGTH];

    @Test
    void shouldWriteSecondsSinceTheEpochAndNanoseconds() {
        assertThat(HexFormat.of().formatHex(Tai64n.after(NEVER, Instant.ofEpochSecond(0x2_0000_0000L, 0x5000000))))
                .isEqualTo("400000020000000a05000000");
    }

    @Test
    void shouldNotShowTheClockMoreExactlyThanItMust() {
        assertThat(Tai64n.after(NEVER, Instant.ofEpochSecond(1, 123)))
                .isEqualTo(Tai64n.after(NEVER, Instant.ofEpochSecond(1, 0xfffffe)));
    }

    @Test
    void shouldGrowWhenTheClockStandsStillOrIsSetBack() {
        byte[] previous = Tai64n.after(NEVER, Instant.ofEpochSecond(1000, 999_999_999));
        for (int i = 0; i < 10_000; i++) {
            byte[] next = Tai64n.after(previous, Instant.ofEpochSecond(1000 - i % 3, 999_999_999));
            assertThat(Arrays.compareUnsigned(next, previous)).isPositive();
            previous = next;
        }
        byte[] end = Tai64n.after(NEVER, Instant.ofEpochSecond(5));
        end[8] = 0x3b;
        end[9] = (byte) 0x9a;
        end[10] = (byte) 0xc9;
        end[11] = (byte) 0xff;
        byte[] next = Tai64n.after(end, Instant.EPOCH);
        assertThat(next).isEqualTo(Tai64n.after(NEVER, Instant.ofEpochSecond(6)));
    }
}
