package dev.sluice.functions.directory.workos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.sync.DirectoryConnector;
import dev.sluice.functions.directory.sync.DirectoryConnectorKit;
import dev.sluice.functions.directory.sync.DirectoryFailure;
import dev.sluice.functions.directory.sync.DirectorySource;
import dev.sluice.functions.testing.Pool;
import dev.sluice.functions.testing.Settings;
import dev.sluice.functions.testing.World;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class WorkOsConnectorTest extends DirectoryConnectorKit<WorkOsStandIn> {
    private final TestDatabase database;

    WorkOsConnectorTest(TestDatabase database) {
        super(new WorkOsStandIn());
        this.database = database;
    }

    @Override
    protected DirectoryConnector open() {
        return open(UUID.randomUUID(), UUID.randomUUID(), "org_01", WorkOsStandIn.SOURCE);
    }

    private DirectoryConnector open(UUID account, UUID id, @Nullable String organization, @Nullable String source) {
        var settings = Settings.of(
                WorkOsSettings.class,
                Map.of(
                        "sluice.workos.api-key",
                        WorkOsStandIn.KEY,
                        "sluice.workos.api-base",
                        provider.url().toString()));
        return new WorkOsConnector(new WorkOsApi(client, settings), Pool.transactions(database.application()))
                .open(new DirectorySource(
                        new Directory(account, id, "JumpCloud", false),
                        "workos",
                        null,
                        null,
                        null,
                        organization,
                        source));
    }

    @Test
    void shouldKeepWhichDirectoryIsLinked() {
        var world = new World(database);
        UUID id = UUID.randomUUID();
        world.execute(
                "INSERT INTO directory (id, account_id, name, name_key, type, organization_id)"
                        + " VALUES (?, ?, 'JumpCloud', '', 'workos', 'org_01')",
                id,
                world.accountId);

        open(world.accountId, id, "org_01", null);

        assertThat(world.texts("SELECT source_id AS v FROM directory WHERE id = ?", id))
                .containsExactly(WorkOsStandIn.SOURCE);
    }

    @Test
    void shouldReadExactlyOneLinkedDirectory() {
        UUID any = UUID.randomUUID();
        assertThatThrownBy(() -> open(any, any, null, null))
                .isInstanceOf(DirectoryFailure.class)
                .hasMessageContaining("set-up link");
        provider.link();
        assertThatThrownBy(() -> open(any, any, "org_01", null))
                .isInstanceOf(DirectoryFailure.class)
                .hasMessageContaining("set-up link");
        provider.link("directory_02", "directory_03");
        assertThatThrownBy(() -> open(any, any, "org_01", null))
                .isInstanceOf(DirectoryFailure.class)
                .hasMessageContaining("2 directories");
        provider.link("directory_02");
        assertThatThrownBy(this::open).isInstanceOf(DirectoryFailure.class).hasMessageContaining("Another directory");
    }
}
