package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventHookTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @Test
    void shouldTellACommandOnceOfEachChange() throws Exception {
        Path told = directory.resolve("told");
        EventHook hook = new EventHook("echo $SLUICE_EVENT $SLUICE_REASON >> " + told);

        hook.signedIn();
        await(told, "signed_in\n");
        hook.signedIn();
        hook.signedOut("token_expired");
        await(told, "signed_in\nsigned_out token_expired\n");
        hook.signedOut("token_expired");
        hook.signedIn();

        await(told, "signed_in\nsigned_out token_expired\nsigned_in\n");
    }

    @Test
    void shouldDoNothingWithoutACommand() {
        new EventHook(null).signedOut("token_expired");
    }

    private static void await(Path file, String text) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!(Files.exists(file) && Files.readString(file).equals(text)) && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(file).hasContent(text);
    }
}
