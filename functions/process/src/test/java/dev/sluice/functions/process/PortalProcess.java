package dev.sluice.functions.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** The portal as it is packaged, as a process with a data directory, ports and a database of its own. */
final class PortalProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();
    private final Path application = Path.of(System.getProperty("sluice.application"));
    private final Path cache = application.resolveSibling("portal.aot");
    /** As it starts soonest. */
    private List<String> options = List.of(
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:AOTCache=" + cache, "-Xlog:aot*=off", "-Xlog:cds*=off");

    private Process process;

    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    PortalProcess(Path directory) throws IOException {
        this.directory = directory;
        environment.put("SLUICE_DATA_DIR", directory.toString());
        environment.put("STATIC_SEEDS", "true");
        List<ServerSocket> sockets = new ArrayList<>();
        for (String name : List.of("SLUICE_WEB_PORT", "SLUICE_API_PORT", "SLUICE_ADMIN_PORT")) {
            ServerSocket socket = new ServerSocket(0);
            sockets.add(socket);
            environment.put(name, Integer.toString(socket.getLocalPort()));
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
    }

    PortalProcess with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** It is run as others run it, and the JVM writes what it learned by that into the cache when it ends. */
    PortalProcess learning() throws IOException {
        Files.deleteIfExists(cache);
        options = List.of("-XX:AOTCacheOutput=" + cache);
        return this;
    }

    boolean hasLearned() {
        return Files.exists(cache);
    }

    /** Writes down where the application is of which it learned: the launcher leaves out what it knows of another place. */
    void keepPlace() throws IOException {
        Files.writeString(
                application.resolveSibling("portal.aot.place"),
                application.toRealPath().getParent().toString());
    }

    /** Starts it and returns when it answers. */
    PortalProcess start(String... arguments) throws IOException, InterruptedException {
        process = launch(arguments);
        await(() -> run("status").code() == 0 && listens("SLUICE_API_PORT") && listens("SLUICE_WEB_PORT"));
        return this;
    }

    private boolean listens(String port) {
        try (Socket socket = new Socket("127.0.0.1", port(port))) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns once the condition holds; the portal must live as long. */
    void await(Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                throw new IllegalStateException("What was waited for did not come: " + log());
            }
        }
    }

    /** Returns once the portal has logged this. */
    void awaitLog(String text) throws IOException, InterruptedException {
        await(() -> log().contains(text));
    }

    /** Runs it to its end, which comes by itself with these arguments or where it cannot start; returns its exit code. */
    int runToItsEnd(String... arguments) throws IOException, InterruptedException {
        process = launch(arguments);
        return process.waitFor();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM. Returns the exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        return process.waitFor();
    }

    /** Runs the command line against it. */
    CommandOutcome run(String... arguments) {
        return CommandOutcome.of(environment, arguments);
    }

    /** Runs the command line against it, with one variable set otherwise. */
    CommandOutcome runWith(String name, String value, String... arguments) {
        Map<String, String> other = new HashMap<>(environment);
        other.put(name, value);
        return CommandOutcome.of(other, arguments);
    }

    /** What a client says who asks for the resource with this address. */
    String ask(String address) {
        for (JsonNode resource : run("resource", "list", "--json").json()) {
            if (resource.path("address").asText().equals(address)) {
                return "{\"resource_id\":\"" + resource.path("id").asText() + "\",\"connected_gateway_ids\":[]}";
            }
        }
        throw new IllegalStateException("There is no resource " + address);
    }

    int port(String name) {
        return Integer.parseInt(environment.get(name));
    }

    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    String log() throws IOException {
        return Files.readString(directory.resolve("portal.log"));
    }

    /** The process that serves the embedded database. */
    ProcessHandle database() throws IOException {
        String id = Files.readAllLines(directory.resolve("postgresql/data/postmaster.pid"))
                .getFirst();
        return ProcessHandle.of(Long.parseLong(id.strip())).orElseThrow();
    }

    /** Runs a statement as the owner, while the portal is dead and its database is not. */
    void execute(String sql) throws IOException, SQLException {
        Properties credentials = new Properties();
        try (var reader = Files.newBufferedReader(directory.resolve("postgresql/credentials"))) {
            credentials.load(reader);
        }
        String port = Files.readAllLines(directory.resolve("postgresql/data/postmaster.pid"))
                .get(3)
                .strip();
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port + "/sluice",
                        "sluice_owner",
                        credentials.getProperty("owner"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    HttpResponse<String> get(String port, String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(port) + path)));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Override
    public void close() throws Exception {
        if (process != null && process.isAlive()) {
            stop();
        } else if (Files.exists(directory.resolve("postgresql/data/postmaster.pid"))) {
            // A test that killed the portal: the next one stops what it left.
            start();
            stop();
        }
    }

    private Process launch(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-jar", application.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
        builder.environment().putAll(environment);
        Path log = Files.createDirectories(directory).resolve("portal.log");
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }
}
