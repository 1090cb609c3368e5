package dev.sluice.functions.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CoordinatesTest {
    private static final Coordinates BERLIN = new Coordinates(52.52, 13.405);
    private static final Coordinates SYDNEY = new Coordinates(-33.87, 151.21);

    @Test
    void shouldMeasureAlongTheGreatCircle() {
        assertThat(BERLIN.kilometersTo(SYDNEY)).isCloseTo(16_090, within(50.0));
        assertThat(SYDNEY.kilometersTo(BERLIN)).isEqualTo(BERLIN.kilometersTo(SYDNEY));
        assertThat(BERLIN.kilometersTo(BERLIN)).isZero();
    }

    @Test
    void shouldTakeTheShortWayAroundAndReachTheOtherEnd() {
        assertThat(new Coordinates(0, 179.5).kilometersTo(new Coordinates(0, -179.5)))
                .isCloseTo(111.2, within(0.1));
        assertThat(new Coordinates(90, 0).kilometersTo(new Coordinates(-90, 0))).isCloseTo(20_015, within(1.0));
    }
}
