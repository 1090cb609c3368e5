package dev.sluice.functions.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The one PostgreSQL of a test run: durable and with two roles as in earnest, with a migrated template from which each test
 * class gets a database of its own. It starts with the first use and ends with the JVM.
 */
public final class TestPostgres {
    private static final String TEMPLATE = "sluice_template";
    private static final Path ROOT = Path.of("target", "postgresql-test").toAbsolutePath();

    /** Test frameworks load classes more than once in a JVM; its system properties exist once. */
    private static final String PORT = "sluice.test.postgresql.port";

    private static final String PASSWORD = "sluice.test.postgresql.password.";
    private static final List<String> ROLES =
            List.of(EmbeddedServer.SUPERUSER, EmbeddedServer.OWNER, EmbeddedServer.APPLICATION);

    private TestPostgres() {}

    /** A new database with the portal's tables, without rows. */
    public static TestDatabase create() {
        synchronized (System.getProperties()) {
            if (System.getProperty(PORT) == null) {
                start();
            }
            String name = "test_" + UUID.randomUUID().toString().replace("-", "");
            try (Connection superuser =
                    address(EmbeddedServer.SUPERUSER, "postgres").connect()) {
                ServerRoles.create(superuser, name, TEMPLATE);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return new TestDatabase(
                    address(EmbeddedServer.APPLICATION, name),
                    address(EmbeddedServer.OWNER, name),
                    address(EmbeddedServer.SUPERUSER, name));
        }
    }

    /** The settings of an embedded server below {@code directory} that shares this user's unpacked programs. */
    static DatabaseSettings.Embedded settings(Path directory) {
        DatabaseSettings.Embedded own = (DatabaseSettings.Embedded) DatabaseSettings.from(Map.of(
                "HOME", System.getProperty("user.home"),
                "XDG_CACHE_HOME", System.getenv().getOrDefault("XDG_CACHE_HOME", "")));
        return new DatabaseSettings.Embedded(directory, own.binaries());
    }

    private static void start() {
        sweep();
        Path directory = ROOT.resolve(Long.toString(ProcessHandle.current().pid()));
        EmbeddedServer server = EmbeddedServer.open(settings(directory));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop();
            delete(directory);
        }));
        for (String role : ROLES) {
            System.setProperty(PASSWORD + role, server.address(role, TEMPLATE).password());
        }
        System.setProperty(PORT, Integer.toString(server.port()));
        try (Connection superuser =
                address(EmbeddedServer.SUPERUSER, "postgres").connect()) {
            ServerRoles.create(superuser, TEMPLATE, "template0");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        DatabaseAddress owner = address(EmbeddedServer.OWNER, TEMPLATE);
        new Migrations(owner, EmbeddedServer.APPLICATION, migration -> {}).carryOut();
    }

    private static DatabaseAddress address(String role, String database) {
        return new DatabaseAddress(
                "jdbc:postgresql://127.0.0.1:" + System.getProperty(PORT) + "/" + database,
                role,
                System.getProperty(PASSWORD + role));
    }

    /** Ends what a killed test run left behind. */
    private static void sweep() {
        if (!Files.isDirectory(ROOT)) {
            return;
        }
        try (Stream<Path> runs = Files.list(ROOT)) {
            for (Path run : runs.toList()) {
                long process = Long.parseLong(run.getFileName().toString());
                if (ProcessHandle.of(process).isPresent()) {
                    continue;
                }
                if (Postmaster.find(run.resolve("data")).isPresent()) {
                    EmbeddedServer.open(settings(run)).stop();
                }
                delete(run);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path directory) {
        try {
            PostgresBinaries.delete(directory);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
