package dev.sluice.datapath.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacketLedgerTest {
    private static final long SEED = 0x1ed6e5L;

    @Test
    void shouldStayBalancedHoweverPacketsComeAndGo() {
        Random random = new Random(SEED);
        PacketLedger ledger = new PacketLedger();
        for (int i = 0; i < 10_000; i++) {
            boolean fromQueue = ledger.held() > 0 && random.nextInt(3) == 0;
            if (fromQueue) {
                ledger.release();
            } else if (random.nextBoolean()) {
                ledger.receive();
            } else {
                ledger.originate();
            }
            switch (random.nextInt(fromQueue ? 3 : 4)) {
                case 0 -> ledger.deliver();
                case 1 -> ledger.consume();
                case 2 -> ledger.drop(DropReason.values()[random.nextInt(DropReason.values().length)]);
                default -> ledger.hold();
            }
            assertThat(ledger.counts().balanced())
                    .as("seed %x step %d", SEED, i)
                    .isTrue();
            assertThat(ledger.received() + ledger.originated())
                    .isEqualTo(ledger.delivered() + ledger.consumed() + ledger.dropped() + ledger.held());
        }
    }

    @Test
    void shouldNoticeAPacketThatIsLost() {
        PacketLedger ledger = new PacketLedger();
        ledger.receive();

        assertThat(ledger.counts().balanced()).isFalse();
    }

    @Test
    void shouldShowOnlyReasonsThatOccurred() {
        PacketLedger ledger = new PacketLedger();
        ledger.receive();
        ledger.receive();
        ledger.drop(DropReason.FILTERED);
        ledger.drop(DropReason.FILTERED);

        assertThat(ledger.counts().dropped())
                .containsOnlyKeys(DropReason.FILTERED)
                .containsValue(2L);
        assertThat(ledger.dropped(DropReason.FRAGMENT)).isZero();
    }

    @Test
    void shouldAddUp() {
        PacketLedger one = new PacketLedger();
        one.receive();
        one.drop(DropReason.FILTERED);
        PacketLedger other = new PacketLedger();
        other.originate();
        other.deliver();
        other.receive();
        other.drop(DropReason.FILTERED);
        other.receive();
        other.hold();

        PacketLedger.Counts sum = PacketLedger.Counts.NONE.plus(one.counts()).plus(other.counts());

        assertThat(sum).isEqualTo(new PacketLedger.Counts(3, 1, 1, 0, java.util.Map.of(DropReason.FILTERED, 2L), 1));
        assertThat(sum.balanced()).isTrue();
    }

    @Test
    void shouldGiveEachReasonACodeOfItsOwn() {
        assertThat(Arrays.stream(DropReason.values()).map(DropReason::code))
                .doesNotHaveDuplicates()
                .allMatch(code -> code.matches("[a-z]+(_[a-z]+)*"));
    }
}
