package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup of the files is put back: what it has forgotten, and what is to be done then. */
class RestoreIT {
    private static final String RESOURCE = "MyCorp Network";

    @TempDir
    Path directory;

    @Test
    void shouldSayWhatABackupBringsBackAndLetNothingPassByIt() throws Exception {
        Path data = directory.resolve("data");
        Path backup = directory.resolve("backup");
        try (PortalProcess portal = new PortalProcess(data).start()) {
            portal.run("token", "create", "--type", "gateway", "--site", "mycro-aws-gws", "--name", "lost");
            portal.run(
                    "token", "create", "--type", "client", "--actor", "firezone@localhost.local", "--name", "laptop");
            portal.stop();
            copy(data, backup);
            portal.start();
            portal.run("token", "delete", "lost");
            portal.run("policy", "disable", RESOURCE);
            portal.stop();
            copy(data, directory.resolve("later"));
            copy(backup, data);
            portal.start();
            assertThat(portal.run("policy", "list").out()).contains(RESOURCE);
            assertThat(portal.run("token", "list").out()).contains("lost", "laptop");

            var restored = portal.run("restored");

            assertThat(restored.code()).as(restored.err()).isZero();
            assertThat(restored.out()).contains("flows: 0", "tokens: ", "epoch: ");
            assertThat(restored.err()).contains("good again", "whoever was removed is back");
            assertThat(portal.run("token", "list").out()).contains("lost").doesNotContain("laptop");
            assertThat(portal.run("verify").code()).isZero();
        }
    }

    /** As after a fail-over, or a recovery to a point in time: the portal cannot tell which. */
    @Test
    void shouldSayThatTheDatabaseHasAnotherHistory() throws Exception {
        try (PortalProcess portal = new PortalProcess(directory).start()) {
            portal.kill();
            portal.execute("UPDATE portal_epoch SET history = 'of another server'");
            portal.start();

            portal.awaitLog("If it was restored from a backup, run ./sluice portal restored");
        }
    }

    private static void copy(Path from, Path to) throws Exception {
        if (Files.exists(to)) {
            run("rm", "-r", to.toString());
        }
        run("cp", "-a", from.toString(), to.toString());
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
