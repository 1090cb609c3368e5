package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays when the portal goes. */
class RestartIT {
    @TempDir
    Path directory;

    @Test
    void shouldLeaveItsDatabaseRunningWhenItIsKilledAndStopItWhenItIsStopped() throws Exception {
        try (PortalProcess portal = new PortalProcess(directory.resolve("data")).start()) {
            portal.run("account", "create", "--name", "Acme", "--slug", "acme", "--admin-email", "ada@acme.example");
            ProcessHandle database = portal.database();

            portal.kill();
            assertThat(database.isAlive()).isTrue();
            assertThat(portal.run("status").err()).contains("the portal does not run");

            portal.start();
            assertThat(portal.database()).isEqualTo(database);
            assertThat(portal.log()).contains("attached to the running server");
            assertThat(portal.run("token", "create", "--type", "gateway", "--site", "Internet", "--account", "acme")
                            .code())
                    .isZero();

            assertThat(portal.stop()).isIn(0, 143);
            database.onExit().get();
        }
    }
}
