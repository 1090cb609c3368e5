package dev.sluice.datapath.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.SluiceExtra;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GenerationsTest {
    private static final UUID RESOURCE = new UUID(0, 1);

    private final Generations generations = new Generations();

    @Test
    void shouldTellWhatWasSaidBeforeADeletion() {
        generations.deleted(RESOURCE, generation(55));

        assertThat(generations.isStale(RESOURCE, generation(54))).isTrue();
        assertThat(generations.isStale(RESOURCE, generation(55))).isFalse();
        assertThat(generations.isStale(RESOURCE, generation(56))).isFalse();
        assertThat(generations.isStale(new UUID(0, 2), generation(1))).isFalse();
    }

    @Test
    void shouldKeepTheNewestDeletion() {
        generations.deleted(RESOURCE, generation(55));
        generations.deleted(RESOURCE, generation(40));

        assertThat(generations.isStale(RESOURCE, generation(50))).isTrue();
    }

    @Test
    void shouldTakeWhatCarriesNoGeneration() {
        generations.deleted(RESOURCE, null);
        generations.deleted(RESOURCE, SluiceExtra.EMPTY);
        assertThat(generations.isStale(RESOURCE, generation(1))).isFalse();

        generations.deleted(RESOURCE, generation(55));
        assertThat(generations.isStale(RESOURCE, null)).isFalse();
        assertThat(generations.isStale(RESOURCE, SluiceExtra.EMPTY)).isFalse();
    }

    @Test
    void shouldForgetTheOldestOfTooMany() {
        generations.deleted(RESOURCE, generation(55));
        for (int i = 0; i < Generations.CAPACITY; i++) {
            generations.deleted(new UUID(1, i), generation(56));
        }

        assertThat(generations.isStale(RESOURCE, generation(54))).isFalse();
    }

    private static SluiceExtra generation(long value) {
        return new SluiceExtra(value, null);
    }
}
