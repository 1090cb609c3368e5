package dev.sluice.functions.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatabaseSettingsTest {
    @Test
    void shouldUseTheEmbeddedServerInTheUsersDirectoriesByDefault() {
        assertThat(DatabaseSettings.from(Map.of("HOME", "/home/ada")))
                .isEqualTo(new DatabaseSettings.Embedded(
                        Path.of("/home/ada/.local/share/sluice/postgresql"), Path.of("/home/ada/.cache/sluice")));
    }

    @Test
    void shouldFollowTheDirectoriesOfTheEnvironment() {
        assertThat(DatabaseSettings.from(
                        Map.of("HOME", "/home/ada", "XDG_DATA_HOME", "/data", "XDG_CACHE_HOME", "/cache")))
                .isEqualTo(new DatabaseSettings.Embedded(Path.of("/data/sluice/postgresql"), Path.of("/cache/sluice")));
        assertThat(DatabaseSettings.from(Map.of("HOME", "/home/ada", "XDG_DATA_HOME", "relative")))
                .isEqualTo(DatabaseSettings.from(Map.of("HOME", "/home/ada")));
        assertThat(DatabaseSettings.from(Map.of("HOME", "/home/ada", "SLUICE_DATA_DIR", "/srv/sluice")))
                .isEqualTo(new DatabaseSettings.Embedded(
                        Path.of("/srv/sluice/postgresql"), Path.of("/home/ada/.cache/sluice")));
    }

    @Test
    void shouldTakeTwoRolesFromTwoAddresses() {
        assertThat(DatabaseSettings.from(Map.of(
                        "SLUICE_DATABASE_URL", "postgresql://app:p%40ss@db.example/sluice?sslmode=verify-full",
                        "SLUICE_DATABASE_OWNER_URL", "jdbc:postgresql://db.example:5433/sluice?user=own&password=o+o")))
                .isEqualTo(new DatabaseSettings.External(
                        new DatabaseAddress("jdbc:postgresql://db.example/sluice?sslmode=verify-full", "app", "p@ss"),
                        new DatabaseAddress("jdbc:postgresql://db.example:5433/sluice", "own", "o+o")));
    }

    @Test
    void shouldKnowASingleRoleWhenItSeesOne() {
        DatabaseAddress both = new DatabaseAddress("jdbc:postgresql://[::1]:5432/sluice", "one", "");
        String url = "postgres://one@[::1]:5432/sluice";

        assertThat(DatabaseSettings.from(Map.of("SLUICE_DATABASE_URL", url)))
                .isEqualTo(new DatabaseSettings.SingleRole(both));
        assertThat(DatabaseSettings.from(Map.of("SLUICE_DATABASE_URL", url, "SLUICE_DATABASE_OWNER_URL", url)))
                .isEqualTo(new DatabaseSettings.SingleRole(both));
    }

    @Test
    void shouldTakeTheMembersOfACluster() {
        assertThat(DatabaseAddress.parse("x", "postgresql://app:s@db_1.example:5432,db_2,[::1]:5433/sluice"))
                .isEqualTo(new DatabaseAddress(
                        "jdbc:postgresql://db_1.example:5432,db_2,[::1]:5433/sluice?targetServerType=primary",
                        "app",
                        "s"));
        assertThat(DatabaseAddress.parse("x", "postgresql://h1,h2/sluice?targetServerType=any")
                        .jdbcUrl())
                .endsWith("h2/sluice?targetServerType=any");
        assertThatThrownBy(() -> DatabaseAddress.parse("x", "postgresql://h1,,h2/sluice"))
                .hasMessageContaining("host1:5432,host2:5432");
    }

    @Test
    void shouldTakeAUnixSocket() {
        String expected = "jdbc:postgresql://localhost/sluice?"
                + "socketFactory=org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg"
                + "&socketFactoryArg=%2Frun%2Fpostgresql%2F.s.PGSQL.5432&sslmode=disable";

        assertThat(DatabaseAddress.parse("x", "postgresql://app@%2Frun%2Fpostgresql/sluice"))
                .isEqualTo(new DatabaseAddress(expected, "app", ""));
        assertThat(DatabaseAddress.parse("x", "postgresql:///sluice?host=/run/postgresql&user=app")
                        .jdbcUrl())
                .isEqualTo(expected);
    }

    @Test
    void shouldRefuseWhatItCannotRead() {
        assertThatThrownBy(() -> DatabaseSettings.from(Map.of("SLUICE_DATABASE_URL", "mysql://u:secret@h/d")))
                .isInstanceOf(DatabaseException.class)
                .hasMessageStartingWith("SLUICE_DATABASE_URL is not an address")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> DatabaseSettings.from(Map.of("SLUICE_DATABASE_OWNER_URL", "postgresql://h/d")))
                .hasMessageContaining("SLUICE_DATABASE_OWNER_URL is set without SLUICE_DATABASE_URL");
    }

    @Test
    void shouldNotPrintPasswords() {
        assertThat(DatabaseAddress.parse("x", "postgresql://app:secret@h/d").toString())
                .doesNotContain("secret");
        assertThat(new ServerCredentials("secret", "secret", "secret").toString())
                .doesNotContain("secret");
    }

    /** As over a UNIX socket, where the server knows whose process it is. */
    @Test
    void shouldNeedNeitherUserNorPassword() {
        DatabaseAddress address = DatabaseAddress.parse("x", "postgresql:///sluice?host=/run/postgresql");

        assertThat(address.user()).isEqualTo(System.getProperty("user.name"));
        assertThat(PortalDatabase.properties(address))
                .containsEntry("quarkus.datasource.username", address.user())
                .doesNotContainKey("quarkus.datasource.password");
    }
}
