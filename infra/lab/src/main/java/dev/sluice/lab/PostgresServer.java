package dev.sluice.lab;

import dev.sluice.lab.scenario.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The distribution's PostgreSQL on the portal's host, as somebody runs one: passwords, two roles, TLS and nothing else. */
public final class PostgresServer {
    /** What it needs to be installed. */
    public static final List<Requirement> REQUIREMENTS =
            List.of(new Requirement("psql", "postgresql"), new Requirement("openssl", "openssl"));

    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final int PORT = 5432;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SECRET_BYTES = 24;

    private final Path directory = Place.INSIDE.resolve("postgresql");
    private final Path data = directory.resolve("data");
    private final Path backup = directory.resolve("backup");
    private final Path certificate = directory.resolve("server.crt");
    private final String superuser = secret();
    private final String owner = secret();
    private final String application = secret();
    private final Part part = new Part(
            Topology.PORTAL,
            () -> asNobody(List.of(program("postgres"), "-D", data.toString())),
            () -> HostEnvironment.of(Topology.PORTAL));

    private PostgresServer() {}

    /** Makes a server with a database that is empty but for an extension, and starts it. */
    public static PostgresServer create() throws InterruptedException {
        PostgresServer server = new PostgresServer();
        try {
            server.initialize();
            server.start();
            server.prepare();
            return server;
        } catch (IOException e) {
            throw new LabException("cannot make a PostgreSQL server", e);
        } catch (LabException e) {
            server.kill();
            throw e;
        }
    }

    private void prepare() {
        run("postgres", "CREATE ROLE sluice_owner LOGIN PASSWORD '" + owner + "'");
        run("postgres", "CREATE ROLE sluice_application LOGIN PASSWORD '" + application + "'");
        run("postgres", "CREATE DATABASE sluice OWNER sluice_owner");
        run("postgres", "REVOKE ALL ON DATABASE sluice FROM PUBLIC");
        run("postgres", "GRANT CONNECT ON DATABASE sluice TO sluice_application");
        // What many servers have: functions of somebody else in the schema of our tables.
        run("sluice", "CREATE EXTENSION pg_stat_statements");
    }

    /** The variables by which a portal finds it. */
    public Map<String, String> environment() {
        return Map.of(
                "SLUICE_DATABASE_URL", url("sluice_application", application),
                "SLUICE_DATABASE_OWNER_URL", url("sluice_owner", owner));
    }

    /** The variables of a portal that may not migrate. */
    public Map<String, String> applicationEnvironment() {
        return Map.of("SLUICE_DATABASE_URL", url("sluice_application", application));
    }

    /** Copies the whole server while it works, as people back one up. */
    public void backUp() {
        Program.Result result = Program.run(
                Program.on(
                        Topology.PORTAL,
                        asNobody(List.of(
                                program("pg_basebackup"),
                                "--pgdata=" + backup,
                                "--checkpoint=fast",
                                "--dbname=host=127.0.0.1 port=" + PORT
                                        + " user=postgres sslmode=verify-full sslrootcert=" + certificate))),
                "",
                PATIENCE,
                Map.of("PGPASSWORD", superuser));
        if (!result.succeeded()) {
            throw new LabException("pg_basebackup failed: " + result.errors().strip());
        }
    }

    /** Puts the backup in the place of a server that is dead. */
    public void restore() {
        try {
            delete(data);
            Files.move(backup, data);
        } catch (IOException e) {
            throw new LabException("the backup cannot be put back", e);
        }
    }

    /** What the server says of itself, such as {@code PostgreSQL 15.18}. */
    public String version() {
        return run("sluice", "SELECT 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1)")
                .getFirst();
    }

    /** How many connections of the portals there are, and how many of them are encrypted. */
    public List<String> connections() {
        return run("sluice", """
                SELECT count(*) || ' ' || count(*) FILTER (WHERE s.ssl) FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid)
                WHERE a.usename = 'sluice_application'""");
    }

    /** Runs SQL by hand, as the superuser, and returns the lines of its result, fields with a blank between. */
    public List<String> sql(String statement) {
        return run("sluice", statement);
    }

    /** Ends every connection of the portals. */
    public void dropConnections() {
        run("sluice", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'sluice_application'");
    }

    /** Kills one backend of a portal (SIGKILL), upon which the server ends all others and recovers. */
    public void killBackend() {
        run("sluice", "SELECT pid FROM pg_stat_activity WHERE usename = 'sluice_application' ORDER BY random() LIMIT 1")
                .forEach(id -> ProcessHandle.of(Long.parseLong(id)).ifPresent(ProcessHandle::destroyForcibly));
    }

    /** Kills the server (SIGKILL). */
    public void kill() {
        part.kill();
    }

    /** Stops the server as an upgrade of its package does. */
    public void stop() {
        if (part.isRunning()) {
            Program.require(
                    asNobody(List.of(program("pg_ctl"), "stop", "-D", data.toString(), "-m", "fast", "-w")), "");
            part.kill();
        }
    }

    /** Starts the server, and returns once it answers. */
    public void start() throws InterruptedException {
        BooleanSupplier answers = () -> {
            // What is left of a killed server may still hold its memory; then this one ends at once.
            part.start();
            return psql("postgres", "SELECT 1").succeeded();
        };
        part.start();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!answers.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new LabException("PostgreSQL was not ready within " + PATIENCE.toSeconds() + " s");
            }
            Thread.sleep(100);
        }
    }

    private void initialize() throws IOException {
        if (Files.exists(directory)) {
            delete(directory);
        }
        Files.createDirectories(directory);
        Path password = Files.writeString(directory.resolve("superuser.password"), superuser);
        Program.require(
                asNobody(List.of(
                        program("initdb"),
                        "--pgdata=" + data,
                        "--username=postgres",
                        "--pwfile=" + password,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--no-locale",
                        "--no-instructions")),
                "");
        Files.delete(password);
        Path key = directory.resolve("server.key");
        Program.require(
                List.of(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-days",
                        "7",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-keyout",
                        key.toString(),
                        "-out",
                        certificate.toString()),
                "");
        Files.writeString(
                data.resolve("postgresql.auto.conf"),
                String.join(
                                "\n",
                                List.of(
                                        "listen_addresses = '127.0.0.1'",
                                        "port = " + PORT,
                                        "unix_socket_directories = ''",
                                        "ssl = on",
                                        "ssl_cert_file = '" + certificate + "'",
                                        "ssl_key_file = '" + key + "'",
                                        "log_line_prefix = 'postgresql | %m [%p] '"))
                        + "\n");
        Files.writeString(
                data.resolve("pg_hba.conf"),
                "hostssl all all 127.0.0.1/32 scram-sha-256\n"
                        + "hostssl replication postgres 127.0.0.1/32 scram-sha-256\n");
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private String url(String role, String password) {
        return "postgresql://" + role + ":" + password + "@127.0.0.1:" + PORT
                + "/sluice?sslmode=verify-full&sslrootcert=" + certificate;
    }

    private List<String> run(String database, String statement) {
        Program.Result result = psql(database, statement);
        if (!result.succeeded()) {
            throw new LabException("psql failed: " + result.errors().strip());
        }
        return result.output().lines().toList();
    }

    /** The statement and the password go by a pipe and by the environment, which others cannot read. */
    private Program.Result psql(String database, String statement) {
        List<String> command = new ArrayList<>(List.of(
                "psql",
                "--no-psqlrc",
                "--quiet",
                "--tuples-only",
                "--no-align",
                "--field-separator= ",
                "--set=ON_ERROR_STOP=1",
                "host=127.0.0.1 port=" + PORT + " user=postgres dbname=" + database + " connect_timeout=5"
                        + " sslmode=verify-full sslrootcert=" + certificate));
        return Program.run(Program.on(Topology.PORTAL, command), statement, PATIENCE, Map.of("PGPASSWORD", superuser));
    }

    /** It refuses to run as root, also as that of a user namespace: there it is nobody, and owns the same files. */
    private static List<String> asNobody(List<String> command) {
        List<String> all = new ArrayList<>(List.of("unshare", "--user", "--"));
        all.addAll(command);
        return all;
    }

    /** That of the newest version that is installed. */
    private static String program(String name) {
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin").resolve(name))
                    .filter(Files::isExecutable)
                    .max(Comparator.naturalOrder())
                    .orElseThrow(() -> new LabException("there is no " + name + " below " + VERSIONS))
                    .toString();
        } catch (IOException e) {
            throw new LabException("there is no PostgreSQL below " + VERSIONS, e);
        }
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
