package dev.sluice.functions.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.testing.World;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class TestPostgresTest {
    @Test
    void shouldGiveEachClassItsOwnDatabase(TestDatabase database) throws SQLException {
        try (TestDatabase other = TestPostgres.create()) {
            database.execute("CREATE TABLE only_here (id int)");
            assertThat(query(other.owner(), "SELECT to_regclass('only_here') IS NULL"))
                    .isEqualTo("t");
        }
    }

    @Test
    void shouldQuoteNoRowInAnError(TestDatabase database) {
        World world = new World(database);
        assertThatThrownBy(() -> world.execute(
                        "INSERT INTO actor (account_id, type, name, email) VALUES (?, 'user', 'x', 'user@example.com')",
                        world.accountId))
                .hasMessageContaining("actor_account_id_email_key")
                .hasMessageNotContaining("user@example.com");
        assertThat(database.properties())
                .containsEntry("quarkus.datasource.jdbc.additional-jdbc-properties.logServerErrorDetail", "false");
    }

    @Test
    void shouldRunTestsOnDurableSettings(TestDatabase database) throws SQLException {
        assertThat(DatabaseChecks.violations(
                        database.application(), Optional.of(database.owner().user())))
                .isEmpty();
    }

    @Test
    void shouldNotLetTheApplicationRoleSwitchTriggersOff(TestDatabase database) {
        assertThatThrownBy(() -> query(database.application(), "SET session_replication_role = replica; SELECT 1"))
                .hasMessageContaining("permission denied");
    }

    @Test
    void shouldGiveTheApplicationRoleNothingThatNoMigrationGranted(TestDatabase database) {
        database.execute("CREATE TABLE unmentioned (word text)");

        assertThatThrownBy(() -> query(database.application(), "SELECT word FROM unmentioned"))
                .hasMessageContaining("permission denied");
    }

    private static String query(DatabaseAddress address, String sql) throws SQLException {
        try (Connection connection = address.connect();
                Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (!rows && statement.getUpdateCount() != -1) {
                rows = statement.getMoreResults();
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return result.getString(1);
            }
        }
    }
}
