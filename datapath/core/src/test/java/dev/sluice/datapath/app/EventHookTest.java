package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EventHookTest {
    @TempDir
    Path directory;

    /** Through a pipe, so that each line is read when it is there (fifo(7)). */
    @Test
    void shouldTellACommandOnceOfEachChange() throws Exception {
        Path told = directory.resolve("told");
        assertThat(new ProcessBuilder("mkfifo", told.toString()).start().waitFor())
                .isZero();
        // Held open for writing too: a line's end is not the end of all.
        try (RandomAccessFile held = new RandomAccessFile(told.toFile(), "rw");
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(new FileInputStream(held.getFD()), StandardCharsets.UTF_8))) {
            EventHook hook = new EventHook("echo $SLUICE_EVENT $SLUICE_REASON > " + told);

            hook.signedIn();
            hook.signedIn();
            hook.signedOut("token_expired");
            hook.signedOut("token_expired");
            hook.signedIn();

            assertThat(lines.readLine()).isEqualTo("signed_in");
            assertThat(lines.readLine()).isEqualTo("signed_out token_expired");
            assertThat(lines.readLine()).isEqualTo("signed_in");
        }
    }

    @Test
    void shouldDoNothingWithoutACommand() {
        new EventHook(null).signedOut("token_expired");
    }
}
