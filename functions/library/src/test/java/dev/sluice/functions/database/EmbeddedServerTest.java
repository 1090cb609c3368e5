package dev.sluice.functions.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerTest {
    @TempDir
    Path temporary;

    private final List<EmbeddedServer> opened = new ArrayList<>();

    @AfterEach
    void stopWhatStillRuns() throws Exception {
        opened.forEach(EmbeddedServer::abandon);
        if (Postmaster.find(data()).isPresent()) {
            open().stop();
        }
    }

    @Test
    void shouldKeepItsDataOverACleanStop() throws Exception {
        EmbeddedServer first = open();
        owner(first, "CREATE TABLE kept (word text)");
        owner(first, "INSERT INTO kept VALUES ('still here')");
        first.stop();
        assertThat(Postmaster.find(data())).isEmpty();

        EmbeddedServer second = open();

        assertThat(second.attached()).isFalse();
        assertThat(query(second, "SELECT word FROM kept")).isEqualTo("still here");
    }

    @Test
    void shouldAttachToTheServerThatAKilledPortalLeftRunning() throws Exception {
        Process portal = DatabaseHolder.start(directory());
        assertThat(portal.inputReader().readLine()).startsWith("open ");
        long server = Postmaster.find(data()).orElseThrow().process();

        portal.destroyForcibly().waitFor();

        EmbeddedServer next = open();
        assertThat(next.attached()).isTrue();
        assertThat(Postmaster.find(data()).orElseThrow().process()).isEqualTo(server);
        assertThat(query(next, "SELECT 1")).isEqualTo("1");
    }

    @Test
    void shouldRecoverWhatAKilledServerHadCommitted() throws Exception {
        EmbeddedServer first = open();
        owner(first, "CREATE TABLE kept (word text)");
        owner(first, "INSERT INTO kept VALUES ('committed')");
        ProcessHandle server = ProcessHandle.of(
                        Postmaster.find(data()).orElseThrow().process())
                .orElseThrow();
        server.destroyForcibly();
        server.onExit().get();
        first.abandon();

        EmbeddedServer next = open();

        assertThat(next.attached()).isFalse();
        assertThat(query(next, "SELECT word FROM kept")).isEqualTo("committed");
    }

    @Test
    void shouldStartWhenAnotherProcessHasTheIdOfTheLastServer() throws Exception {
        open().stop();
        Files.writeString(
                data().resolve("postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + data() + "\n1\n5432\n\n127.0.0.1\n\nready\n");

        EmbeddedServer next = open();

        assertThat(next.attached()).isFalse();
    }

    @Test
    void shouldRefuseASecondPortalOnTheSameData() {
        open();

        assertThatThrownBy(() -> open())
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("Another portal uses the database")
                .hasMessageContaining("SLUICE_DATA_DIR");
    }

    @Test
    void shouldRefusePasswordsThatOthersCanRead() throws Exception {
        open().stop();
        Path credentials = directory().resolve("credentials");
        assertThat(Files.getPosixFilePermissions(credentials)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> open())
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("chmod 600 " + credentials);
    }

    @Test
    void shouldAcceptNobodyWithoutAPassword() {
        EmbeddedServer server = open();
        DatabaseAddress known = server.address(EmbeddedServer.OWNER, EmbeddedServer.DATABASE);

        assertThatThrownBy(() -> new DatabaseAddress(known.jdbcUrl(), known.user(), "guess").connect())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void shouldRefuseAServerThatDoesNotSync() throws Exception {
        EmbeddedServer server = open();
        try (Connection connection =
                        server.address(EmbeddedServer.SUPERUSER, "postgres").connect();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET fsync = off");
        }
        server.stop();

        assertThatThrownBy(() -> PortalDatabase.open(settings()))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("'fsync' is 'off' and must be 'on'");
    }

    @Test
    void shouldRunForTheRootOfAnUnprivilegedUserNamespace() throws Exception {
        List<String> prefix = List.of("unshare", "--user", "--map-root-user");
        Process probe = new ProcessBuilder("unshare", "--user", "--map-root-user", "true").start();
        assumeTrue(probe.waitFor() == 0, "this machine has no unprivileged user namespaces");

        Process portal = DatabaseHolder.start(directory(), prefix.toArray(String[]::new));

        assertThat(portal.inputReader().readLine()).startsWith("open ");
        portal.outputWriter().close();
        assertThat(portal.waitFor()).isZero();
        assertThat(Postmaster.find(data())).isEmpty();
    }

    @Test
    void shouldRunWhereSharedMemoryIsReadOnly() throws Exception {
        Process portal = DatabaseHolder.start(
                directory(),
                inside(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "--mount",
                        "mount --bind -o ro /dev/shm /dev/shm" + " && mount -o remount,bind,ro /dev/shm"));

        assertThat(portal.inputReader().readLine()).startsWith("open ");
        portal.outputWriter().close();
        assertThat(portal.waitFor()).isZero();
    }

    @Test
    void shouldSayTheWayOutWhereUserNamespacesAreForbidden() throws Exception {
        Process portal = DatabaseHolder.start(
                directory(),
                inside("unshare", "--user", "--map-root-user", "echo 0 > /proc/sys/user/max_user_namespaces"));

        assertThat(portal.inputReader().readLine()).isNull();
        assertThat(portal.errorReader().lines())
                .anyMatch(line ->
                        line.contains("this host forbids the user namespace") && line.contains("SLUICE_DATABASE_URL"));
    }

    @Test
    void shouldSayTheWayOutForAUserWithoutAName() throws Exception {
        Process portal = DatabaseHolder.start(directory(), inside("unshare", "--user", "--map-user=54321", "true"));

        assertThat(portal.inputReader().readLine()).isNull();
        assertThat(portal.errorReader().lines())
                .anyMatch(line -> line.contains("no name on this host") && line.contains("SLUICE_DATABASE_URL"));
    }

    @Test
    void shouldBeReachedByAUnixSocket() throws Exception {
        EmbeddedServer first = open();
        try (Connection connection =
                        first.address(EmbeddedServer.SUPERUSER, "postgres").connect();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET unix_socket_directories = '" + temporary + "'");
        }
        first.stop();
        EmbeddedServer server = open();
        Files.writeString(data().resolve("pg_hba.conf"), "local all all scram-sha-256\n", StandardOpenOption.APPEND);
        DatabaseAddress tcp = server.address(EmbeddedServer.SUPERUSER, "postgres");
        try (Connection connection = tcp.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_reload_conf()");
        }
        String port = tcp.jdbcUrl().replaceFirst("^.*:([0-9]+)/.*$", "$1");
        DatabaseAddress socket = DatabaseAddress.parse(
                "x", "postgresql:///postgres?host=" + temporary + ":" + port + "&user=" + tcp.user());

        try (Connection connection = new DatabaseAddress(socket.jdbcUrl(), tcp.user(), tcp.password()).connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT inet_server_addr() IS NULL")) {
            assertThat(result.next()).isTrue();
            assertThat(result.getBoolean(1)).as("not by TCP").isTrue();
        }
    }

    /** A command's prefix: in namespaces, after a line of shell. Skips the test where there are none. */
    private static String[] inside(String... namespacesThenShell) throws Exception {
        List<String> prefix = new ArrayList<>(List.of(namespacesThenShell));
        String shell = prefix.removeLast();
        prefix.addAll(List.of("sh", "-c", shell + " && exec \"$@\"", "sh"));
        List<String> probe = new ArrayList<>(prefix);
        probe.add("true");
        assumeTrue(new ProcessBuilder(probe).start().waitFor() == 0, "this machine has no such namespaces");
        return prefix.toArray(String[]::new);
    }

    private EmbeddedServer open() {
        EmbeddedServer server = EmbeddedServer.open(settings());
        opened.add(server);
        return server;
    }

    private Path directory() {
        return temporary.resolve("postgresql");
    }

    private Path data() {
        return directory().resolve("data");
    }

    private DatabaseSettings.Embedded settings() {
        return TestPostgres.settings(directory());
    }

    private static void owner(EmbeddedServer server, String sql) throws SQLException {
        try (Connection connection = server.address(EmbeddedServer.OWNER, EmbeddedServer.DATABASE)
                        .connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedServer server, String sql) throws SQLException {
        try (Connection connection = server.address(EmbeddedServer.OWNER, EmbeddedServer.DATABASE)
                        .connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
