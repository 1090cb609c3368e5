package dev.sluice.datapath.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecentGatewaysTest {
    private final RecentGateways recent = new RecentGateways();

    @Test
    void shouldPutTheLatestLast() {
        recent.add(gateway(1));
        recent.add(gateway(2));
        recent.add(gateway(1));

        assertThat(recent.ids()).containsExactly(gateway(2), gateway(1));
    }

    @Test
    void shouldForgetTheOldest() {
        for (int i = 0; i <= RecentGateways.CAPACITY; i++) {
            recent.add(gateway(i));
        }

        assertThat(recent.ids()).hasSize(RecentGateways.CAPACITY).doesNotContain(gateway(0));
    }

    private static UUID gateway(int number) {
        return new UUID(0, number);
    }
}
