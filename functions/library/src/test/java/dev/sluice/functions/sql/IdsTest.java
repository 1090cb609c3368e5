package dev.sluice.functions.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdsTest {
    /** The example of RFC 9562 appendix A.6. */
    @Test
    void shouldLayOutTheBitsOfVersion7() {
        assertThat(Ids.at(0x017F22E279B0L, 0xCC3, 0x18C4DC0C0C07398FL).toString())
                .isEqualTo("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    }

    @Test
    void shouldSortByTime() {
        assertThat(Ids.at(1, -1, -1).toString()).isLessThan(Ids.at(2, 0, 0).toString());
    }
}
