package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceIdTest {
    private static final UUID FRESH = new UUID(1, 2);

    @TempDir
    Path directory;

    @Test
    void shouldMakeAnIdOnceAndKeepIt() {
        Path state = directory.resolve("not/yet/there");

        String made = DeviceId.resolve(null, state, Role.CLIENT, () -> FRESH);
        String again = DeviceId.resolve(null, state, Role.CLIENT, UUID::randomUUID);

        assertThat(made).isEqualTo(FRESH.toString());
        assertThat(again).isEqualTo(made);
    }

    @Test
    void shouldKeepClientAndGatewayApart() {
        String client = DeviceId.resolve(null, directory, Role.CLIENT, UUID::randomUUID);
        String gateway = DeviceId.resolve(null, directory, Role.GATEWAY, UUID::randomUUID);

        assertThat(gateway).isNotEqualTo(client);
    }

    @Test
    void shouldTakeTheConfiguredIdAndKeepNothing() {
        assertThat(DeviceId.resolve("mine", directory, Role.CLIENT, () -> FRESH))
                .isEqualTo("mine");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldSayWhatToDoWhenTheIdCannotBeKept() throws IOException {
        Path blocked = Files.writeString(directory.resolve("file"), "").resolve("state");

        assertThatThrownBy(() -> DeviceId.resolve(null, blocked, Role.CLIENT, () -> FRESH))
                .hasMessageContaining("--state-dir");
    }
}
