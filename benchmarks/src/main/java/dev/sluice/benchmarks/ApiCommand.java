package dev.sluice.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The REST API of a portal of its own, beside the bare statements that it comes down to. */
@Command(
        name = "api",
        description = {
            "Measures requests a second and their latency: pages, reads, creations and changes in an account with very many"
                    + " actors.",
            "Beside each, in the same run and on the same server: the statements alone, by as many connections."
        },
        mixinStandardHelpOptions = true)
final class ApiCommand implements Callable<Integer> {
    private static final List<String> COLUMNS = List.of(
            "operation",
            "requests/s",
            "p50 ms",
            "p99 ms",
            "max ms",
            "statements/s",
            "of statements",
            "statement p99 ms");
    private static final long LONGEST = Duration.ofMinutes(1).toNanos();
    /** Of each operation, after the portal as a whole. */
    private static final Duration WARM_UP = Duration.ofSeconds(15);

    private static final int PAGE = 50;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Does one of many alike. */
    @FunctionalInterface
    private interface Work {
        void run(int number) throws Exception;
    }

    private record Measured(double perSecond, Histogram latency) {}

    @Option(names = "--seconds", description = "Seconds of each load (default: ${DEFAULT-VALUE}).")
    private int seconds = 10;

    @Option(names = "--clients", description = "How many ask at once (default: ${DEFAULT-VALUE}).")
    private int clients = 8;

    @Option(names = "--actors", description = "How many actors the account has (default: ${DEFAULT-VALUE}).")
    private int actors = 100_000;

    @Option(names = "--results", paramLabel = "DIR", description = "Where to record (default: benchmarks/results).")
    private @Nullable Path results;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicLong serial = new AtomicLong();
    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final List<UUID> ids = new ArrayList<>();
    private String token = "";

    @Override
    public Integer call() throws Exception {
        if (seconds < 1 || clients < 1 || actors < PAGE) {
            throw new BenchmarkFailedException("--seconds and --clients: at least one; --actors: at least " + PAGE);
        }
        try (PortalUnderTest portal = PortalUnderTest.start();
                Connection connection = portal.connect()) {
            UUID account = ManyActors.plant(connection, actors);
            ids.addAll(ManyActors.ids(connection, account));
            portal.operate(
                    "actor", "create", "--account", PortalUnderTest.ACCOUNT, "--type", "api_client", "--name", "bench");
            token = portal.operate("token", "create", "--type", "api_client", "--actor", "bench")
                    .path("token")
                    .asText();
            measure(portal, account);
        } finally {
            http.close();
        }
        String command = String.format(
                Locale.ROOT, "./sluice bench api --seconds %d --clients %d --actors %d", seconds, clients, actors);
        Report report = new Report(
                "api",
                Machine.current(command),
                COLUMNS,
                rows,
                List.of(
                        "An account with " + actors + " actors; " + clients
                                + " clients ask at once, each on its own connection, as fast as they are answered.",
                        "The statements are those that the operation comes down to, prepared, each in its own transaction; a"
                                + " page is one of " + PAGE + ", and how many there are in all.",
                        "Load, portal and PostgreSQL share the machine."));
        report.print();
        report.record(results == null ? Report.defaultDirectory() : results);
        return 0;
    }

    private void measure(PortalUnderTest portal, UUID account) throws Exception {
        List<String> cursors = cursors(portal);
        portal.warmUp(time -> run(number -> get(portal, "/actors/" + any()), time));
        row(
                portal,
                "a page of " + PAGE,
                number -> get(portal, "/actors?limit=" + PAGE + "&page_cursor=" + cursors.get(number % cursors.size())),
                "SELECT id, type, name, email, disabled_at, version, inserted_at, (SELECT count(*) FROM (SELECT FROM"
                        + " actor WHERE account_id = ? LIMIT 10001) AS counted) FROM actor WHERE account_id = ? AND id > ? ORDER BY id LIMIT "
                        + (PAGE + 1),
                (statement, number) -> {
                    statement.setObject(1, account);
                    statement.setObject(2, account);
                    statement.setObject(3, ids.get(ThreadLocalRandom.current().nextInt(ids.size())));
                });
        row(
                portal,
                "a page by name",
                number -> get(portal, "/actors?limit=" + PAGE + "&name=person%20" + number % 10_000),
                "SELECT id, type, name, email, disabled_at, version, inserted_at, (SELECT count(*) FROM actor WHERE"
                        + " account_id = ? AND name_key >= ? AND name_key < ?) FROM actor WHERE account_id = ?"
                        + " AND name_key >= ? AND name_key < ? ORDER BY id LIMIT " + (PAGE + 1),
                (statement, number) -> {
                    String first = "person " + number % 10_000;
                    String beyond = first + Character.toString(Character.MAX_CODE_POINT);
                    statement.setObject(1, account);
                    statement.setString(2, first);
                    statement.setString(3, beyond);
                    statement.setObject(4, account);
                    statement.setString(5, first);
                    statement.setString(6, beyond);
                });
        row(
                portal,
                "read",
                number -> get(portal, "/actors/" + any()),
                "SELECT id, type, name, email, disabled_at, version, inserted_at FROM actor WHERE account_id = ? AND id = ?",
                (statement, number) -> {
                    statement.setObject(1, account);
                    statement.setObject(2, any());
                });
        row(
                portal,
                "create",
                number -> send(
                        portal,
                        "POST",
                        "/actors",
                        "{\"actor\":{\"type\":\"service_account\",\"name\":\"Service " + serial.incrementAndGet()
                                + "\"}}",
                        201),
                "INSERT INTO actor (id, account_id, type, name) VALUES (gen_random_uuid(), ?, 'service_account', ?)",
                (statement, number) -> {
                    statement.setObject(1, account);
                    statement.setString(2, "Service " + serial.incrementAndGet());
                });
        row(
                portal,
                "change",
                number -> send(
                        portal,
                        "PUT",
                        "/actors/" + any(),
                        "{\"actor\":{\"name\":\"Renamed " + serial.incrementAndGet() + "\"}}",
                        200),
                "UPDATE actor SET name = ? WHERE account_id = ? AND id = ?",
                (statement, number) -> {
                    statement.setString(1, "Renamed " + serial.incrementAndGet());
                    statement.setObject(2, account);
                    statement.setObject(3, any());
                });
    }

    private UUID any() {
        return ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
    }

    /** Where some pages begin, all over the list as far as is walked. */
    private List<String> cursors(PortalUnderTest portal) throws Exception {
        List<String> cursors = new ArrayList<>();
        String next = "";
        for (int page = 0; page < 100 && next != null; page++) {
            JsonNode answer = get(portal, "/actors?limit=100" + (next.isEmpty() ? "" : "&page_cursor=" + next));
            next = answer.path("metadata").path("next_page").textValue();
            if (next != null) {
                cursors.add(next);
            }
        }
        return cursors;
    }

    @FunctionalInterface
    private interface Parameters {
        void set(PreparedStatement statement, int number) throws SQLException;
    }

    private void row(PortalUnderTest portal, String name, Work request, String sql, Parameters parameters)
            throws Exception {
        run(request, WARM_UP);
        Measured api = run(request, Duration.ofSeconds(seconds));
        Measured bare;
        List<Connection> connections = new ArrayList<>();
        try {
            List<PreparedStatement> statements = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Connection connection = portal.connect();
                connections.add(connection);
                statements.add(connection.prepareStatement(sql));
            }
            bare = run(
                    number -> {
                        PreparedStatement statement = statements.get(number % clients);
                        parameters.set(statement, number);
                        if (statement.execute()) {
                            try (ResultSet rows = statement.getResultSet()) {
                                while (rows.next()) {
                                    rows.getObject(1);
                                }
                            }
                        }
                    },
                    Duration.ofSeconds(seconds));
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("operation", name);
        row.put("requests/s", api.perSecond());
        row.put("p50 ms", api.latency().getValueAtPercentile(50) / 1e6);
        row.put("p99 ms", api.latency().getValueAtPercentile(99) / 1e6);
        row.put("max ms", api.latency().getMaxValue() / 1e6);
        row.put("statements/s", bare.perSecond());
        row.put("of statements", String.format(Locale.ROOT, "%.2f", api.perSecond() / bare.perSecond()));
        row.put("statement p99 ms", bare.latency().getValueAtPercentile(99) / 1e6);
        rows.add(row);
        System.err.println(row);
    }

    /** Each client does one after the other; the numbers of one have the same remainder by how many there are. */
    private Measured run(Work work, Duration time) {
        Histogram latency = new ConcurrentHistogram(LONGEST, 3);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        long begin = System.nanoTime();
        long end = begin + time.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            int first = client;
            threads.add(Thread.ofVirtual().start(() -> {
                int number = first;
                while (System.nanoTime() < end && failure.get() == null) {
                    long started = System.nanoTime();
                    try {
                        work.run(number);
                    } catch (Exception e) {
                        failure.compareAndSet(null, e);
                    }
                    latency.recordValue(Math.min(LONGEST, System.nanoTime() - started));
                    number += clients;
                }
            }));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("interrupted", e);
        }
        if (failure.get() != null) {
            throw new BenchmarkFailedException("an operation failed", failure.get());
        }
        double elapsed = (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
        return new Measured(latency.getTotalCount() / elapsed, latency);
    }

    private JsonNode get(PortalUnderTest portal, String path) throws IOException, InterruptedException {
        return send(portal, "GET", path, null, 200);
    }

    private JsonNode send(PortalUnderTest portal, String method, String path, @Nullable String body, int expected)
            throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + portal.port() + path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != expected) {
            throw new BenchmarkFailedException(
                    method + " " + path + ": " + response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body());
    }
}
