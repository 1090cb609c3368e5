package dev.sluice.datapath.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IndexTableTest {
    private final Random random = new Random(24);
    private final IndexTable<Integer> table = new IndexTable<>(random);

    @Test
    void shouldFindByTheUpperBitsOfAReceiverIndex() {
        int index = table.allocate(made -> made);

        assertThat(index).isBetween(0, IndexTable.LIMIT - 1);
        assertThat(table.get(index)).isEqualTo(index);
        assertThat(table.find(index << 8 | 0xff)).isEqualTo(index);
        assertThat(table.find((index ^ 1) << 8)).isNull();
    }

    @Test
    void shouldForgetWhatIsReleased() {
        int index = table.allocate(made -> made);

        assertThat(table.release(index)).isTrue();
        assertThat(table.release(index)).isFalse();
        assertThat(table.get(index)).isNull();
        assertThat(table.size()).isZero();
    }

    @Test
    void shouldAgreeWithAMapUnderChurn() {
        Map<Integer, Integer> expected = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            if (expected.size() > 3000 || !expected.isEmpty() && random.nextInt(5) < 2) {
                int victim = expected.keySet().iterator().next();
                expected.remove(victim);
                assertThat(table.release(victim)).isTrue();
            } else {
                int value = i;
                int[] index = new int[1];
                table.allocate(made -> {
                    index[0] = made;
                    return value;
                });
                assertThat(expected.put(index[0], value)).isNull();
            }
            assertThat(table.size()).isEqualTo(expected.size());
        }
        expected.forEach((index, value) -> assertThat(table.get(index)).isEqualTo(value));
    }

    @Test
    void shouldGiveOutIndicesThatCannotBeGuessed() {
        IndexTable<Integer> other = new IndexTable<>(new Random(25));
        int[] ours = new int[20];
        int[] theirs = new int[20];
        for (int i = 0; i < ours.length; i++) {
            ours[i] = table.allocate(made -> made);
            theirs[i] = other.allocate(made -> made);
        }
        assertThat(ours).doesNotContain(theirs);
    }
}
