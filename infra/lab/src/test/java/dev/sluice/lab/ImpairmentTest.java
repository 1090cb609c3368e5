package dev.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ImpairmentTest {
    private static final long MILLISECOND = 1_000_000;

    @Test
    void shouldGiveTheSameFatesForTheSameSeed() {
        Impairment impairment = parse("--delay 20ms --jitter 5ms --loss 5% --reorder 2% --seed 7");

        assertThat(arrivals(impairment, 0)).isEqualTo(arrivals(impairment, 0));
        assertThat(arrivals(impairment, 0)).isNotEqualTo(arrivals(impairment, 1));
        assertThat(arrivals(impairment, 0)).isNotEqualTo(arrivals(parse("--delay 20ms --loss 5% --seed 8"), 0));
    }

    @Test
    void shouldLoseTheShareThatWasAskedFor() {
        long lost = arrivals(parse("--loss 5% --seed 7"), 0).stream()
                .filter(arrival -> arrival == Impairment.Fates.LOST)
                .count();

        assertThat(lost / 10_000.0).isCloseTo(0.05, within(0.01));
    }

    @Test
    void shouldSpaceFramesByTheRateAndLoseWhatTheQueueCannotHold() {
        Impairment.Fates fates = parse("--rate 8mbit --seed 1").fates(0);

        assertThat(fates.arrival(1000, 0)).isEqualTo(MILLISECOND);
        assertThat(fates.arrival(1000, 0)).isEqualTo(2 * MILLISECOND);
        long last =
                LongStream.range(0, 1000).map(i -> fates.arrival(1000, 0)).max().orElseThrow();
        assertThat(last).isBetween(500 * MILLISECOND, 502 * MILLISECOND);
        assertThat(fates.arrival(1000, 0)).isEqualTo(Impairment.Fates.LOST);
    }

    @Test
    void shouldHoldReorderedFramesBackBehindLaterOnes() {
        Impairment.Fates always = parse("--delay 20ms --reorder 100% --seed 1").fates(0);

        assertThat(always.arrival(100, 0)).isEqualTo(30 * MILLISECOND);
    }

    @Test
    void shouldReadWhatItFormats() {
        Impairment impairment =
                parse("--delay 20ms --jitter 500us --loss 5% --duplicate 1% --reorder 2% --rate 100mbit --seed 7");

        assertThat(parse(String.join(" ", ImpairmentOptions.format(impairment))))
                .isEqualTo(impairment);
    }

    @Test
    void shouldSayWhatAValueShouldLookLike() {
        assertThatThrownBy(() -> parse("--loss 5")).hasMessage("5 is not a share such as 5%");
        assertThatThrownBy(() -> parse("--delay 20")).hasMessageContaining("such as 20ms");
    }

    private static List<Long> arrivals(Impairment impairment, int direction) {
        Impairment.Fates fates = impairment.fates(direction);
        return LongStream.range(0, 10_000)
                .map(i -> fates.arrival(1000, i * MILLISECOND))
                .boxed()
                .toList();
    }

    private static Impairment parse(String options) {
        return CommandLine.populateCommand(new ImpairmentOptions(), options.split(" "))
                .impairment(() -> 1);
    }
}
