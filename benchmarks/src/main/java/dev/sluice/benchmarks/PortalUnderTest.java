package dev.sluice.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.command.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A portal of this tree with a database of its own on free ports of loopback; both are gone when it is closed. */
final class PortalUnderTest implements AutoCloseable {
    private static final Duration START_WITHIN = Duration.ofSeconds(90);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration WARM_UP_SLICE = Duration.ofSeconds(15);
    private static final Duration WARM_UP_AT_MOST = Duration.ofMinutes(4);

    /** Of a core, for compiling. */
    private static final double WARM_SHARE = 0.05;

    private static final Pattern HEAP_USED = Pattern.compile("used ([0-9]+)K");
    /** The seeds' account. */
    static final String ACCOUNT = "firezone";

    /** The site of the seeds that gateways serve. */
    static final String SITE = "mycro-aws-gws";

    private static final String ACTOR = "firezone-unprivileged-1@localhost.local";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATABASE = "sluice";
    private static final String SUPERUSER = "postgres";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path launcher;
    private final Path directory;
    private final Map<String, String> environment;
    private final int port;
    private Process process;

    private PortalUnderTest(Path launcher, Path directory, Map<String, String> environment, int port, Process process) {
        this.launcher = launcher;
        this.directory = directory;
        this.environment = environment;
        this.port = port;
        this.process = process;
    }

    /** Starts it, and plants the development data. */
    static PortalUnderTest start() {
        return start(Map.of());
    }

    /** The same, with settings of its own. */
    static PortalUnderTest start(Map<String, String> settings) {
        Path launcher = LabHosts.ofThisTree().launcher();
        try {
            Path directory = Files.createTempDirectory("sluice-bench-");
            int port = freePort();
            Map<String, String> environment = new TreeMap<>(Map.of(
                    "SLUICE_DATA_DIR", directory.toString(),
                    "SLUICE_LISTEN_ADDRESS", "127.0.0.1",
                    "SLUICE_LOG_LEVEL", "WARN",
                    "SLUICE_API_PER_SECOND", "0",
                    "SLUICE_WEB_PORT", Integer.toString(freePort()),
                    "SLUICE_API_PORT", Integer.toString(port),
                    "SLUICE_ADMIN_PORT", Integer.toString(freePort())));
            environment.putAll(settings);
            PortalUnderTest portal =
                    new PortalUnderTest(launcher, directory, environment, port, run(launcher, directory, environment));
            portal.awaitHealth();
            portal.operate("seed");
            return portal;
        } catch (IOException e) {
            throw new BenchmarkFailedException("cannot start a portal", e);
        }
    }

    private static Process run(Path launcher, Path directory, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "portal", "start");
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("portal.log").toFile())
                .start();
    }

    /** Stops the portal, and starts it again on the same data and ports; returns when it answers. */
    void restart() {
        stop();
        try {
            process = run(launcher, directory, environment);
            awaitHealth();
        } catch (IOException e) {
            throw new BenchmarkFailedException("cannot start the portal again", e);
        }
    }

    /** Bytes of its heap that are in use, right after a collection. */
    long heapBytes() {
        String pid = Long.toString(process.pid());
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        run(List.of(jcmd, pid, "GC.run"), Map.of());
        Matcher used = HEAP_USED.matcher(run(List.of(jcmd, pid, "GC.heap_info"), Map.of()));
        if (!used.find()) {
            throw new BenchmarkFailedException("jcmd says nothing of the heap");
        }
        return Long.parseLong(used.group(1)) * 1024;
    }

    /** Where its console is. */
    int webPort() {
        return Integer.parseInt(environment.getOrDefault("SLUICE_WEB_PORT", ""));
    }

    /** Where its API is. */
    int port() {
        return port;
    }

    /** Where devices connect. */
    URI socket(String role) {
        return URI.create("ws://127.0.0.1:" + port + "/" + role + "/websocket");
    }

    /** A token for as many clients as are wanted, of the seeds' user. */
    String clientToken() {
        return token("client", "--actor", ACTOR);
    }

    /** A token for as many gateways as are wanted, of the seeds' site. */
    String gatewayToken() {
        return token("gateway", "--site", SITE);
    }

    private String token(String type, String option, String owner) {
        return operate("token", "create", "--type", type, option, owner)
                .path("token")
                .asText();
    }

    /** Runs a command of its administration within this process, and returns what it prints. */
    JsonNode operate(String... arguments) {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.add("--json");
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        int code = Main.run(
                environment, new PrintWriter(out, true), new PrintWriter(errors, true), command.toArray(String[]::new));
        if (code != 0) {
            throw new BenchmarkFailedException(String.join(" ", arguments) + ": " + errors);
        }
        try {
            return JSON.readTree(out.toString());
        } catch (IOException e) {
            throw new BenchmarkFailedException(String.join(" ", arguments) + ": " + out, e);
        }
    }

    /** Disables a policy of the seeds' account, or enables it: one request of an operator, and nothing else. */
    void disable(String policy, boolean disabled) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(
                                    "http://127.0.0.1:" + environment.get("SLUICE_ADMIN_PORT") + "/policies/" + policy))
                            .header("Authorization", "Bearer " + secret())
                            .header("Sluice-Account", ACCOUNT)
                            .header("Content-Type", "application/json")
                            .PUT(HttpRequest.BodyPublishers.ofString("{\"policy\":{\"disabled\":" + disabled + "}}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new BenchmarkFailedException(policy + ": " + response.body());
            }
        } catch (IOException e) {
            throw new BenchmarkFailedException("the portal's administration does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("interrupted", e);
        }
    }

    private String secret() throws IOException {
        return Files.readString(directory.resolve("admin-secret")).strip();
    }

    /** A connection to its database, as somebody has who types SQL by hand. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + postmaster().get(3) + "/" + DATABASE, SUPERUSER, password());
    }

    /** Runs a program of PostgreSQL against its server as the superuser, and returns what it prints. */
    String postgres(String database, String... command) {
        return run(
                List.of(command),
                Map.of(
                        "PGHOST",
                        "127.0.0.1",
                        "PGPORT",
                        postmaster().get(3),
                        "PGUSER",
                        SUPERUSER,
                        "PGPASSWORD",
                        password(),
                        "PGDATABASE",
                        database));
    }

    /**
     * Loads the portal until it hardly compiles itself any more beside its work, as one does that has run for some minutes;
     * or for {@link #WARM_UP_AT_MOST}.
     *
     * @param load what it is to be warm for, for the time that is given to it
     * @return how long it took
     */
    Duration warmUp(Consumer<Duration> load) {
        long begin = System.nanoTime();
        double share = 1;
        Duration taken = Duration.ZERO;
        while (share > WARM_SHARE && taken.compareTo(WARM_UP_AT_MOST) < 0) {
            double before = ProcessUse.compilerCpuSeconds(process.pid());
            load.accept(WARM_UP_SLICE);
            share = (ProcessUse.compilerCpuSeconds(process.pid()) - before) / WARM_UP_SLICE.toSeconds();
            taken = Duration.ofNanos(System.nanoTime() - begin);
            System.err.printf(
                    Locale.ROOT,
                    "warming up: %d s, of which the last compiled for %.0f %%%n",
                    taken.toSeconds(),
                    100 * share);
        }
        return taken;
    }

    /** CPU time of the portal's process until now, in seconds. */
    double cpuSeconds() {
        return ProcessUse.cpuSeconds(process.pid());
    }

    /** CPU time of PostgreSQL's processes until now, in seconds. */
    double databaseCpuSeconds() {
        return ProcessUse.treeCpuSeconds(Long.parseLong(postmaster().getFirst()));
    }

    @Override
    public void close() {
        stop();
        try {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new BenchmarkFailedException("what the portal left stays in " + directory, e);
        }
    }

    private void stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new BenchmarkFailedException("the portal did not stop within " + STOP_WITHIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String password() {
        Properties passwords = new Properties();
        try (Reader reader = Files.newBufferedReader(directory.resolve("postgresql/credentials"))) {
            passwords.load(reader);
            return passwords.getProperty("superuser");
        } catch (IOException e) {
            throw new BenchmarkFailedException("the database's password cannot be read", e);
        }
    }

    /** The lines of postmaster.pid: process, directory, start, port, … */
    private List<String> postmaster() {
        try {
            return Files.readAllLines(directory.resolve("postgresql/data/postmaster.pid"));
        } catch (IOException e) {
            throw new BenchmarkFailedException("the portal's database does not run", e);
        }
    }

    private void awaitHealth() throws IOException {
        long end = System.nanoTime() + START_WITHIN.toNanos();
        while (!isHealthy()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new BenchmarkFailedException(
                        "the portal did not start: " + Files.readString(directory.resolve("portal.log")));
            }
            pause();
        }
    }

    private boolean isHealthy() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/healthz"))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("interrupted", e);
        }
    }

    private static String run(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process program = builder.start();
            program.getOutputStream().close();
            String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (program.waitFor() != 0) {
                throw new BenchmarkFailedException(command.getFirst() + " failed: " + output.strip());
            }
            return output;
        } catch (IOException e) {
            throw new BenchmarkFailedException("cannot run " + command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("interrupted", e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
