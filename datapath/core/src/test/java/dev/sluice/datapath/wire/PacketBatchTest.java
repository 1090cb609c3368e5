package dev.sluice.datapath.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketBatchTest {
    private final PacketBatch batch = new PacketBatch(3, 16, 100);

    @Test
    void shouldKeepPacketsInOrder() {
        batch.append(new byte[] {9, 1, 2, 9}, 1, 2);
        batch.append(new byte[] {3}, 0, 1);

        assertThat(packets()).containsExactly("[1, 2]", "[3]");
        assertThat(batch.size()).isEqualTo(2);
    }

    @Test
    void shouldRefuseWhatDoesNotFit() {
        assertThat(batch.append(new byte[101], 0, 101)).isFalse();
        for (int i = 0; i < 3; i++) {
            assertThat(batch.append(new byte[100], 0, 100)).isTrue();
        }

        assertThat(batch.isFull()).isTrue();
        assertThat(batch.append(new byte[1], 0, 1)).isFalse();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(batch::nextOffset);
    }

    @Test
    void shouldTakeAPacketThatIsWrittenInPlace() {
        batch.buffer()[batch.nextOffset()] = 7;
        batch.commit(1, 0);

        assertThat(packets()).containsExactly("[7]");
    }

    @Test
    void shouldPutAHeaderInFrontWithoutTouchingNeighbours() {
        batch.append(new byte[] {1}, 0, 1);
        batch.append(new byte[] {2}, 0, 1);
        Arrays.fill(batch.buffer(), batch.offset(1) - 16, batch.offset(1), (byte) 5);

        assertThat(packets()).containsExactly("[1]", "[2]");
    }

    @Test
    void shouldTakeLongPacketsWhileOneMoreFits() {
        PacketBatch tight = new PacketBatch(10, 16, 100, 400);
        tight.commit(100, 20);
        tight.commit(10, 0);

        assertThat(tight.isFull()).as("of 400 bytes less than 116 are left").isFalse();
        tight.commit(100, 0);
        assertThat(tight.isFull()).isTrue();
        assertThat(tight.segmentSize(0)).isEqualTo(20);
        assertThat(tight.segmentSize(1)).isZero();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(tight::nextOffset);
    }

    @Test
    void shouldForgetItsPacketsWhenCleared() {
        batch.append(new byte[] {1}, 0, 1);
        batch.clear();

        assertThat(batch.isEmpty()).isTrue();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> batch.offset(0));
    }

    @Test
    void shouldRefuseImpossibleSizes() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PacketBatch(0, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new PacketBatch(1, -1, 1));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> new PacketBatch(1 << 20, 0, 1 << 20));
    }

    private List<String> packets() {
        List<String> packets = new ArrayList<>();
        batch.forEach((buffer, offset, length) ->
                packets.add(Arrays.toString(Arrays.copyOfRange(buffer, offset, offset + length))));
        return packets;
    }
}
