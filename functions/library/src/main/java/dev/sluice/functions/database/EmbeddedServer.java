package dev.sluice.functions.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that is a process of its own: it outlives the portal that started it, and the next portal attaches to
 * it. Everything it needs is in one directory:
 *
 * <pre>
 * data/         PostgreSQL's data directory
 * credentials   the roles' passwords, mode 600
 * server.log    what the server says
 * lock          held by the one process that uses the server
 * </pre>
 */
final class EmbeddedServer {
    static final String DATABASE = "sluice";
    static final String SUPERUSER = "postgres";
    static final String OWNER = "sluice_owner";
    static final String APPLICATION = "sluice_application";

    private static final int START_ATTEMPTS = 3;
    private static final Duration READY_WITHIN = Duration.ofSeconds(120);
    private static final String SECONDS = Long.toString(READY_WITHIN.toSeconds());

    private final Path directory;
    private final Path data;
    private final ServerCommand command;
    private final FileChannel lock;
    private final ServerCredentials credentials;
    private final boolean attached;
    private final int port;

    private EmbeddedServer(
            Path directory,
            ServerCommand command,
            FileChannel lock,
            ServerCredentials credentials,
            boolean attached,
            int port) {
        this.directory = directory;
        this.data = directory.resolve("data");
        this.command = command;
        this.lock = lock;
        this.credentials = credentials;
        this.attached = attached;
        this.port = port;
    }

    /**
     * Attaches to the server of {@code directory} if it runs, else starts it, recovering what a crash left, else creates it.
     *
     * @throws DatabaseException when another process uses it, or it cannot run
     */
    static EmbeddedServer open(DatabaseSettings.Embedded settings) {
        Path directory = settings.directory();
        FileChannel lock = null;
        try {
            Files.createDirectories(directory.getParent());
            try {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                checkAccess(directory);
            }
            lock = lock(directory);
            ServerCredentials credentials = ServerCredentials.load(directory.resolve("credentials"));
            ServerCommand command = new ServerCommand(PostgresBinaries.unpack(settings.binaries()));
            Path data = directory.resolve("data");
            if (!Files.exists(data.resolve("PG_VERSION"))) {
                initialize(directory, command, credentials);
            }
            Optional<Postmaster> running = awaitSettled(data);
            int port = running.isPresent() ? running.get().port() : start(directory, command);
            EmbeddedServer server =
                    new EmbeddedServer(directory, command, lock, credentials, running.isPresent(), port);
            ServerRoles.ensure(server.address(SUPERUSER, "postgres"), credentials);
            return server;
        } catch (IOException | ServerCommandException e) {
            release(lock);
            throw failed(directory, e);
        } catch (InterruptedException e) {
            release(lock);
            Thread.currentThread().interrupt();
            throw failed(directory, e);
        } catch (DatabaseException e) {
            release(lock);
            throw e;
        }
    }

    /** That the server already ran, which means that the last portal did not stop cleanly. */
    boolean attached() {
        return attached;
    }

    int port() {
        return port;
    }

    /** The database as one of the roles. */
    DatabaseAddress address(String role, String database) {
        String password = switch (role) {
            case SUPERUSER -> credentials.superuser();
            case OWNER -> credentials.owner();
            case APPLICATION -> credentials.application();
            default -> throw new IllegalArgumentException(role);
        };
        return new DatabaseAddress("jdbc:postgresql://127.0.0.1:" + port + "/" + database, role, password);
    }

    /** Ends the server cleanly, disconnecting whoever is connected, and gives the directory free. */
    void stop() {
        try {
            command.run("pg_ctl", "stop", "-D", data.toString(), "-m", "fast", "-w", "-t", SECONDS);
        } catch (ServerCommandException e) {
            throw new DatabaseException(
                    "The embedded PostgreSQL in " + directory + " did not stop: " + e.getMessage(), e);
        } catch (IOException e) {
            throw failed(directory, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            abandon();
        }
    }

    /** Gives the directory free and leaves the server running, as the end of the process does. */
    void abandon() {
        release(lock);
    }

    private static void checkAccess(Path directory) throws IOException {
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw new DatabaseException(
                    directory + " is not a directory that this user can write. Make it so, or set SLUICE_DATA_DIR.");
        }
        // PostgreSQL demands it of its data directory; the passwords beside it deserve the same.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // The same answer as for another process.
        }
        channel.close();
        throw new DatabaseException("Another portal uses the database in " + directory
                + ". Stop it, or give this one a directory of its own by SLUICE_DATA_DIR.");
    }

    private static void initialize(Path directory, ServerCommand command, ServerCredentials credentials)
            throws IOException, InterruptedException, ServerCommandException {
        Path fresh = directory.resolve("data.new");
        if (Files.exists(fresh)) {
            PostgresBinaries.delete(fresh);
        }
        Path password = Files.createTempFile(directory, "initdb-", ".password");
        try {
            Files.writeString(password, credentials.superuser());
            command.run(
                    "initdb",
                    "--pgdata=" + fresh,
                    "--username=" + SUPERUSER,
                    "--pwfile=" + password,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--no-locale",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-instructions");
        } finally {
            Files.deleteIfExists(password);
        }
        // A start that dies half-way leaves no data directory that looks complete.
        Files.move(fresh, directory.resolve("data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static int start(Path directory, ServerCommand command)
            throws IOException, InterruptedException, ServerCommandException {
        Path data = directory.resolve("data");
        Postmaster.disown(data);
        Path log = directory.resolve("server.log");
        for (int attempt = 1; ; attempt++) {
            int port = freePort();
            ServerConfiguration.write(data, port);
            long before = Files.exists(log) ? Files.size(log) : 0;
            try {
                command.run("pg_ctl", "start", "-D", data.toString(), "-l", log.toString(), "-w", "-t", SECONDS, "-s");
                return port;
            } catch (ServerCommandException e) {
                String said = since(log, before);
                boolean taken = said.contains("Address already in use");
                if (!taken || attempt == START_ATTEMPTS) {
                    throw new DatabaseException(
                            "The embedded PostgreSQL in " + directory + " does not start: "
                                    + (said.isBlank()
                                            ? e.getMessage()
                                            : said.strip() + ServerCommandException.wayOut(said))
                                    + "\nIts log is " + log + ".",
                            e);
                }
            }
        }
    }

    /** Waits until a server that is starting accepts connections, or one that is stopping has gone. */
    private static Optional<Postmaster> awaitSettled(Path data) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (true) {
            Optional<Postmaster> running = Postmaster.find(data);
            if (running.isEmpty() || running.get().ready()) {
                return running;
            }
            if (System.nanoTime() > deadline) {
                throw new DatabaseException("The PostgreSQL server with process id "
                        + running.get().process() + " on " + data + " neither becomes ready nor ends. Stop it.");
            }
            Thread.sleep(Duration.ofMillis(20));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.getLocalPort();
        }
    }

    private static String since(Path log, long offset) throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        byte[] bytes = Files.readAllBytes(log);
        int from = (int) Math.min(offset, bytes.length);
        List<String> lines = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("FATAL") || line.contains("ERROR") || line.contains("Address already"))
                .toList();
        return String.join("\n", lines);
    }

    private static void release(@Nullable FileChannel lock) {
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException e) {
                throw new DatabaseException("Cannot release the database's lock: " + e.getMessage(), e);
            }
        }
    }

    private static DatabaseException failed(Path directory, Exception cause) {
        return new DatabaseException(
                "The embedded PostgreSQL in " + directory + " cannot be used: " + cause.getMessage()
                        + "\nSLUICE_DATABASE_URL uses a server of your own instead.",
                cause);
    }
}
