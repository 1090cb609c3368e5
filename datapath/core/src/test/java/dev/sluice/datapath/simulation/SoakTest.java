package dev.sluice.datapath.simulation;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hours of a deployment's life. More of it: {@code -Dsluice.soak.seeds=100-200 -Dsluice.soak.minutes=600}; a seed that
 * failed is repeated by {@code -Dsluice.soak.seeds=117-117}.
 */
class SoakTest {
    private static final Duration LENGTH = Duration.ofMinutes(Long.getLong("sluice.soak.minutes", 30));

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldHealAfterEveryFaultAndNeverLeak(long seed) {
        new Soak(seed).run(LENGTH);
    }

    static LongStream seeds() {
        String[] range = System.getProperty("sluice.soak.seeds", "1-3").split("-", 2);
        return LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[range.length - 1]));
    }
}
