package dev.sluice.functions.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.database.DatabaseSettings.External;
import dev.sluice.functions.database.DatabaseSettings.SingleRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who brings the tables up to date, and who only looks. */
class MigrationsTest {
    private final TestDatabase database = TestPostgres.create();
    private final External both = new External(database.application(), database.owner());
    private final SingleRole applicationAlone = new SingleRole(database.application());

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void shouldStartWithoutTheOwnerOnTablesThatAreUpToDate() {
        try (var opened = PortalDatabase.open(applicationAlone)) {
            opened.prepare();

            assertThat(opened.pending()).isEmpty();
            assertThat(opened.remarks()).singleElement().asString().startsWith("database jdbc:");
        }
    }

    @Test
    void shouldHoldAnApplicationsRoleToTheSameWhenTheOwnerIsNotKnown() {
        database.execute("GRANT CREATE ON SCHEMA public TO sluice_application");

        assertThatThrownBy(() -> PortalDatabase.open(applicationAlone))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("REVOKE CREATE ON SCHEMA public");
    }

    @Test
    void shouldRefuseToStartWithoutTheOwnerOnOlderTables() {
        outdate("promises");
        try (var opened = PortalDatabase.open(applicationAlone)) {
            assertThatThrownBy(opened::prepare)
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("./sluice portal migrate")
                    .hasMessageContaining("SLUICE_DATABASE_OWNER_URL")
                    .hasMessageContaining("promises");
            assertThatThrownBy(() -> opened.migrate(migration -> {}))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("sluice_application does not own the tables");
        }
    }

    @Test
    void shouldRefuseToStartWithoutTheOwnerOnNoTables() throws SQLException {
        String name = "empty_" + Long.toHexString(System.nanoTime());
        try (Connection superuser = database.superuser().connect()) {
            ServerRoles.create(superuser, name, "template0");
        }
        try (var empty = new TestDatabase(
                        database.application().database(name),
                        database.owner().database(name),
                        database.superuser().database(name));
                var opened = PortalDatabase.open(new SingleRole(empty.application()))) {
            assertThatThrownBy(opened::prepare).hasMessageContaining("1 tenants");
            try (var owned = PortalDatabase.open(new External(empty.application(), empty.owner()))) {
                List<String> pending = owned.pending();
                List<String> done = new ArrayList<>();

                owned.migrate(done::add);

                assertThat(done)
                        .isEqualTo(pending.stream()
                                .map(migration -> "done: " + migration)
                                .toList())
                        .hasSizeGreaterThan(30);
                assertThat(owned.pending()).isEmpty();
            }
            opened.prepare();
        }
    }

    @Test
    void shouldBringOlderTablesUpWithTheStartOfAPortalThatKnowsTheOwner() {
        outdate("promises");
        try (var opened = PortalDatabase.open(both)) {
            assertThat(opened.pending()).containsExactly("promises");

            opened.prepare();

            assertThat(opened.pending()).isEmpty();
            assertThat(opened.remarks()).contains("tables brought up to date: 1 migrations");
        }
    }

    /** An older portal that is started again while it is replaced: its functions do not come back. */
    @Test
    void shouldLeaveTablesAndFunctionsOfANewerPortalAlone() throws SQLException {
        database.execute("""
                INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum,
                    installed_by, execution_time, success)
                VALUES (1000, '9999', 'of a later day', 'SQL', 'V9999__of_a_later_day.sql', 1, 'sluice_owner', 1, true);
                UPDATE flyway_schema_history SET checksum = 0 WHERE version IS NULL""");
        for (DatabaseSettings settings : List.of(both, applicationAlone)) {
            try (var opened = PortalDatabase.open(settings)) {
                opened.prepare();

                assertThat(opened.pending()).isEmpty();
                assertThat(opened.remarks()).anyMatch(remark -> remark.contains("of a newer portal (9999)"));
            }
        }
        assertThat(numbers("SELECT count(*) FROM flyway_schema_history WHERE version IS NULL AND checksum <> 0"))
                .containsExactly(0L);
    }

    /** Whoever waits for a table keeps all others from it that come after. */
    @Test
    void shouldGiveWayToTransactionsThatAreUnderWay() throws Exception {
        outdate("last admin");
        try (var opened = PortalDatabase.open(both);
                Connection holder = database.owner().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE actor IN ROW EXCLUSIVE MODE");
            var done = Collections.synchronizedList(new ArrayList<String>());
            var migration = CompletableFuture.runAsync(() -> opened.migrate(done::add));
            List<Long> waits = new ArrayList<>();
            while (waits.size() < 2) {
                numbers("""
                        SELECT (extract(epoch FROM xact_start) * 1000000)::bigint FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'
                        """).stream().filter(wait -> !waits.contains(wait)).forEach(waits::add);
                assertThat(migration).isNotDone();
            }
            assertThat(done).isNotEmpty().allMatch(line -> line.startsWith("gives way"));

            holder.commit();

            migration.join();
            assertThat(done).endsWith("done: last admin");
        }
    }

    /** A migration takes many tables, one after the other, and so do transactions, in an order of their own. */
    @Test
    void shouldTryAgainWhenItWaitsInACircle() throws Exception {
        outdate("revocation");
        try (var opened = PortalDatabase.open(both);
                Connection holder = database.superuser().connect();
                Statement statement = holder.createStatement()) {
            statement.execute("SET deadlock_timeout = '1min'");
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE membership IN ROW EXCLUSIVE MODE");
            var done = Collections.synchronizedList(new ArrayList<String>());
            var migration = CompletableFuture.runAsync(() -> opened.migrate(done::add));
            while (numbers("""
                    SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'membership'::regclass
                    """).isEmpty()) {
                assertThat(migration).isNotDone();
            }

            // It has this one already, and waits for the other.
            statement.execute("LOCK TABLE actor IN ROW EXCLUSIVE MODE");
            holder.commit();

            migration.join();
            assertThat(done).hasSizeGreaterThan(1).endsWith("done: revocation");
        }
    }

    /** By the version a portal sees that functions are not its own any more, and leaves them alone. */
    @Test
    void shouldRaiseTheVersionWithEveryChangeOfFunctions() throws Exception {
        Path directory = Path.of(Objects.requireNonNull(Migrations.class.getResource("/db/migration"))
                .toURI());
        CRC32 functions = new CRC32();
        List<String> versions = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith("R__")) {
                    functions.update(Files.readAllBytes(file));
                } else {
                    versions.add(name.replaceFirst("V([0-9]+)__.*", "$1"));
                }
            }
        }
        String newest =
                versions.stream().max(Comparator.comparing(Integer::valueOf)).orElseThrow();

        assertThat("V" + newest + " " + Long.toHexString(functions.getValue()))
                .as(
                        "Functions have changed. Add a migration with a version, if only with a comment, unless the newest was"
                                + " never released; then write here what it is now.")
                .isEqualTo("V43 bcc0d814");
    }

    /** As if this build had another version of these functions. */
    private void outdate(String functions) {
        database.execute("UPDATE flyway_schema_history SET checksum = 0 WHERE version IS NULL AND description = '"
                + functions + "'");
    }

    private List<Long> numbers(String query) throws SQLException {
        try (Connection connection = database.superuser().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            List<Long> numbers = new ArrayList<>();
            while (row.next()) {
                numbers.add(row.getLong(1));
            }
            return numbers;
        }
    }
}
