package dev.sluice.functions.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseChecksTest {
    @ParameterizedTest
    @CsvSource({
        "synchronous_commit,off",
        "default_transaction_isolation,repeatable read",
        "default_transaction_isolation,serializable"
    })
    void shouldRefuseASettingThatARoleOverrides(String setting, String value) throws SQLException {
        try (TestDatabase database = TestPostgres.create()) {
            String name = database.application().jdbcUrl().replaceFirst(".*/", "");
            asSuperuser(
                    database,
                    "ALTER ROLE sluice_application IN DATABASE " + name + " SET " + setting + " = '" + value + "'");

            assertThatThrownBy(() -> PortalDatabase.open(
                            new DatabaseSettings.External(database.application(), database.owner())))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("'" + setting + "' is '" + value + "'");
        }
    }

    @Test
    void shouldRefuseASuperuserAsTheApplicationsRole() {
        try (TestDatabase database = TestPostgres.create()) {
            assertThatThrownBy(() ->
                            PortalDatabase.open(new DatabaseSettings.External(database.superuser(), database.owner())))
                    .hasMessageContaining("NOSUPERUSER");
        }
    }

    @Test
    void shouldRefuseAnApplicationThatMayMakeTemporaryTables() throws SQLException {
        try (TestDatabase database = TestPostgres.create()) {
            String name = database.application().jdbcUrl().replaceFirst(".*/", "");
            asSuperuser(database, "GRANT TEMPORARY ON DATABASE " + name + " TO PUBLIC");
            assertThatThrownBy(() -> open(database.application(), database))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("REVOKE TEMPORARY ON DATABASE " + name + " FROM PUBLIC, sluice_application");

            asSuperuser(database, "REVOKE TEMPORARY ON DATABASE " + name + " FROM PUBLIC");
            asSuperuser(database, "GRANT CREATE ON SCHEMA public TO sluice_application");
            assertThatThrownBy(() -> open(database.application(), database))
                    .hasMessageContaining("REVOKE CREATE ON SCHEMA public");
        }
    }

    @Test
    void shouldRefuseAMemberOfTheOwnerAsTheApplicationsRole() throws SQLException {
        try (TestDatabase database = TestPostgres.create()) {
            String name = database.application().jdbcUrl().replaceFirst(".*/", "");
            asSuperuser(database, "CREATE ROLE too_close LOGIN PASSWORD 'too_close' IN ROLE sluice_owner");
            try {
                asSuperuser(database, "GRANT CONNECT ON DATABASE " + name + " TO too_close");
                assertThatThrownBy(() -> open(
                                new DatabaseAddress(database.application().jdbcUrl(), "too_close", "too_close"),
                                database))
                        .isInstanceOf(DatabaseException.class)
                        .hasMessageContaining("too_close owns the database or its tables, or is a member");
            } finally {
                asSuperuser(database, "REVOKE ALL ON DATABASE " + name + " FROM too_close; DROP ROLE too_close");
            }
        }
    }

    @Test
    void shouldRefuseAnApplicationThatPassesRowSecurity() throws SQLException {
        try (TestDatabase database = TestPostgres.create()) {
            String name = database.application().jdbcUrl().replaceFirst(".*/", "");
            asSuperuser(database, "CREATE ROLE too_far_sighted LOGIN PASSWORD 'too_far_sighted' BYPASSRLS");
            try {
                asSuperuser(database, "GRANT CONNECT ON DATABASE " + name + " TO too_far_sighted");
                assertThatThrownBy(() -> open(
                                new DatabaseAddress(
                                        database.application().jdbcUrl(), "too_far_sighted", "too_far_sighted"),
                                database))
                        .isInstanceOf(DatabaseException.class)
                        .hasMessageContaining("ALTER ROLE too_far_sighted NOBYPASSRLS");
            } finally {
                asSuperuser(
                        database,
                        "REVOKE ALL ON DATABASE " + name + " FROM too_far_sighted; DROP ROLE too_far_sighted");
            }
        }
    }

    @Test
    void shouldSayWhatASingleRoleLoses() {
        try (TestDatabase database = TestPostgres.create();
                PortalDatabase opened = PortalDatabase.open(new DatabaseSettings.SingleRole(database.owner()))) {
            assertThat(opened.remarks()).anyMatch(remark -> remark.contains("switch off the triggers"));
            opened.migrate(migration -> {});
        }
    }

    @Test
    void shouldSayWhereItCannotConnectWithoutThePassword() {
        DatabaseAddress nowhere = DatabaseAddress.parse("x", "postgresql://somebody:hush@127.0.0.1:1/sluice");

        assertThatThrownBy(() -> PortalDatabase.open(new DatabaseSettings.SingleRole(nowhere)))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("jdbc:postgresql://127.0.0.1:1/sluice")
                .hasMessageNotContaining("hush");
    }

    private static void open(DatabaseAddress application, TestDatabase database) {
        PortalDatabase.open(new DatabaseSettings.External(application, database.owner()))
                .close();
    }

    private static void asSuperuser(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.superuser().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
