package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.device.Device.Role;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DueChannelsTest {
    private static final UUID GATEWAY = new UUID(0, 1);
    private static final UUID CLIENT = new UUID(0, 2);

    private final DueChannels due = new DueChannels();

    @Test
    void shouldTakeDevicesOfOneRoleAlone() throws Exception {
        due.add(Role.CLIENT, CLIENT);
        due.add(Role.GATEWAY, GATEWAY);

        assertThat(due.take(Role.GATEWAY)).containsExactly(GATEWAY);
        assertThat(due.take(Role.CLIENT)).containsExactly(CLIENT);
    }

    @Test
    void shouldWakeWhoWaitsForTheRole() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var client = threads.submit(() -> due.take(Role.CLIENT));
            var gateway = threads.submit(() -> due.take(Role.GATEWAY));

            due.add(Role.GATEWAY, GATEWAY);
            assertThat(gateway.get(20, TimeUnit.SECONDS)).containsExactly(GATEWAY);
            due.add(Role.CLIENT, CLIENT);
            assertThat(client.get(20, TimeUnit.SECONDS)).containsExactly(CLIENT);
        }
    }

    /** A confirmation of many flows makes as many clients due: one statement tells them all. */
    @Test
    void shouldGiveDevicesThatAreHeardOfAtOnceToOneTaker() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var takers = new ExecutorCompletionService<List<UUID>>(threads);
            takers.submit(() -> due.take(Role.CLIENT));
            takers.submit(() -> due.take(Role.CLIENT));

            due.add(Role.CLIENT, List.of(CLIENT, GATEWAY));

            assertThat(takers.take().get()).containsExactly(CLIENT, GATEWAY);
            due.close();
            assertThat(takers.take().get()).isEmpty();
        }
    }

    @Test
    void shouldTakeADeviceOnceHoweverOftenItIsHeardOf() throws Exception {
        due.add(Role.CLIENT, CLIENT);
        due.add(Role.CLIENT, CLIENT);

        assertThat(due.take(Role.CLIENT)).containsExactly(CLIENT);
        due.done(List.of(CLIENT), false);
        assertThat(due.isIdle()).isTrue();
    }

    @Test
    void shouldLeaveADeviceToItsTakerAndComeBackToIt() throws Exception {
        due.add(Role.CLIENT, CLIENT);
        var taken = due.take(Role.CLIENT);
        due.add(Role.CLIENT, CLIENT);
        due.add(Role.CLIENT, GATEWAY);

        assertThat(due.take(Role.CLIENT)).as("the other one").containsExactly(GATEWAY);
        due.done(taken, false);
        assertThat(due.take(Role.CLIENT)).containsExactly(CLIENT);
    }

    @Test
    void shouldComeBackToADeviceThatWasNotToldAll() throws Exception {
        due.add(Role.GATEWAY, GATEWAY);
        due.done(due.take(Role.GATEWAY), true);

        assertThat(due.take(Role.GATEWAY)).containsExactly(GATEWAY);
    }

    @Test
    void shouldLetThoseGoWhoWaitWhenItIsClosed() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> due.take(Role.CLIENT));

            due.close();

            assertThat(waiting.get(20, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void shouldTakeABoundedNumberAtOnce() throws Exception {
        for (int i = 0; i < DueChannels.MOST_AT_ONCE + 1; i++) {
            due.add(Role.CLIENT, new UUID(1, i));
        }

        assertThat(due.take(Role.CLIENT)).hasSize(DueChannels.MOST_AT_ONCE);
        assertThat(due.take(Role.CLIENT)).hasSize(1);
    }
}
