package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code portal migrate}, as it is packaged. */
class MigrateIT {
    @TempDir
    Path directory;

    @Test
    void shouldBringTheTablesUpApartFromTheStart() throws Exception {
        try (PortalProcess portal = new PortalProcess(directory)) {
            assertThat(portal.runToItsEnd("migrate", "--plan")).isZero();
            assertThat(portal.log()).contains("1 tenants", "revocation").doesNotContain("done:");

            assertThat(portal.runToItsEnd("migrate")).isZero();
            assertThat(portal.log()).contains("done: 1 tenants", "done: revocation");
            assertThat(portal.runToItsEnd("migrate")).isZero();
            assertThat(portal.log()).contains("The tables are up to date.");

            portal.start();
            portal.awaitLog("database embedded PostgreSQL");
            assertThat(portal.log()).doesNotContain("brought up to date");
        }
    }

    @Test
    void shouldExplainItselfAndRefuseWhatItDoesNotKnow() throws Exception {
        try (PortalProcess portal = new PortalProcess(directory)) {
            assertThat(portal.runToItsEnd("migrate", "--help")).isZero();
            assertThat(portal.log()).contains("SLUICE_DATABASE_OWNER_URL");
            assertThat(portal.runToItsEnd("migrate", "--now")).isEqualTo(2);
            assertThat(portal.runToItsEnd("--help")).isZero();
            assertThat(portal.runToItsEnd("begin")).isEqualTo(2);
        }
    }
}
