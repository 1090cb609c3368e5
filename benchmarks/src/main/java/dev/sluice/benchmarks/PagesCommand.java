package dev.sluice.benchmarks;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The console's pages, as one admin looks at them, in an account with very many people. */
@Command(
        name = "pages",
        description = {
            "Measures how long each page of the console takes and what it sends, in an account with very many actors,",
            "clients, groups and entries of the audit."
        },
        mixinStandardHelpOptions = true)
final class PagesCommand implements Callable<Integer> {
    private static final List<String> COLUMNS =
            List.of("page", "p50 ms", "p99 ms", "max ms", "KB", "KB with its files");
    private static final long LONGEST = Duration.ofMinutes(1).toNanos();
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([a-z_]+)\" value=\"([^\"]*)\">");
    private static final Pattern FILE = Pattern.compile("(?:href|src)=\"(/assets/[^\"]+)\"");
    private static final Pattern NEXT = Pattern.compile("<a href=\"([^\"]*)\" rel=\"next\"");
    private static final String ADMIN = "firezone@localhost.local";

    @Option(names = "--seconds", description = "Seconds of each page (default: ${DEFAULT-VALUE}).")
    private int seconds = 5;

    @Option(names = "--actors", description = "How many actors the account has (default: ${DEFAULT-VALUE}).")
    private int actors = 100_000;

    @Option(names = "--results", paramLabel = "DIR", description = "Where to record (default: benchmarks/results).")
    private @Nullable Path results;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(new CookieManager())
            .build();
    private final Map<String, Integer> files = new HashMap<>();
    private final List<Map<String, Object>> rows = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        if (seconds < 1 || actors < 1000) {
            throw new BenchmarkFailedException("--seconds: at least one; --actors: at least 1000");
        }
        try (PortalUnderTest portal = PortalUnderTest.start();
                Connection connection = portal.connect()) {
            UUID account = ManyActors.plant(connection, actors);
            plantMore(connection, account);
            URI console = signIn(portal);
            String person =
                    console + "/people/" + ManyActors.ids(connection, account).getFirst();
            portal.warmUp(time -> repeat(() -> get(console + "/people"), time, latency -> {}));
            for (String page : List.of(
                    "",
                    "?over=week",
                    "/people",
                    "/people?sort=name",
                    "/people?sort=latest",
                    "/people?search=person%205",
                    "/groups",
                    "/clients",
                    "/clients?sort=name",
                    "/sites",
                    "/gateways",
                    "/resources",
                    "/policies",
                    "/policies/new",
                    "/policy_tests",
                    "/flows",
                    "/audit",
                    "/audit?action=flow_denied",
                    "/tokens",
                    "/directories",
                    "/identity_providers",
                    "/settings",
                    "/billing",
                    "/explain?who=person-77@example.com&what=172.20.0.0/16")) {
                row(page.isEmpty() ? "overview" : page, console + page);
            }
            row("/people/ID", person);
            row("/people?sort=name, the page after", next(console, "/people?sort=name"));
            row("/audit, the page after", next(console, "/audit"));
        } finally {
            http.close();
        }
        Report report = new Report(
                "pages",
                Machine.current("./sluice bench pages --seconds " + seconds + " --actors " + actors),
                COLUMNS,
                rows,
                List.of(
                        "An account with " + actors + " actors, as many clients and groups, and a"
                                + " million entries of the audit; one admin asks, one page after the other.",
                        "KB are 1000 bytes, as sent; the files are style sheet, scripts and picture, which a browser keeps.",
                        "Load, portal and PostgreSQL share the machine."));
        report.print();
        report.record(results == null ? Report.defaultDirectory() : results);
        return 0;
    }

    private void plantMore(Connection connection, UUID account) throws SQLException {
        try (Statement planting = connection.createStatement()) {
            planting.execute("SET session_replication_role = replica");
            for (String sql : List.of("""
                    INSERT INTO client (id, account_id, actor_id, external_id, name, name_key, public_key, psk_base, ipv4, ipv6,
                                        last_seen_user_agent, last_seen_version, last_seen_at)
                    SELECT gen_random_uuid(), a.account_id, a.id, 'client ' || n, 'Laptop ' || n, 'laptop ' || n, rpad('key ' || n, 44, '='), decode(repeat('00', 32), 'hex'),
                           '100.64.0.0'::inet + n, 'fd00:2021:1111::'::inet + n, 'bench', '1.5.4', now()
                    FROM (SELECT account_id, id, row_number() OVER (ORDER BY id) + 1000 AS n FROM actor
                          WHERE account_id = 'ACCOUNT' AND name LIKE 'Person %') AS a
                    """, """
                    INSERT INTO actor_group (id, account_id, name, name_key, type)
                    SELECT gen_random_uuid(), 'ACCOUNT', 'Team ' || n, 'team ' || n, 'static' FROM generate_series(1, MANY) AS n
                    """, """
                    INSERT INTO audit_entry (account_id, action, at, subject)
                    SELECT 'ACCOUNT', CASE n % 10 WHEN 0 THEN 'flow_denied' WHEN 1 THEN 'flow_ended' ELSE 'flow_granted' END,
                           now() - (1000000 - n) * interval '0.5 second', 'bench'
                    FROM generate_series(1, 1000000) AS n
                    """, """
                    INSERT INTO activity (account_id, minute, granted, denied, ended, decided, revoked)
                    SELECT 'ACCOUNT', date_trunc('minute', now()) - n * interval '1 minute', n % 100, n % 7, n % 90, n % 30, n % 20
                    FROM generate_series(0, 43000) AS n
                    """, "ANALYZE client, actor_group, audit_entry, activity")) {
                planting.execute(sql.replace("ACCOUNT", account.toString()).replace("MANY", Integer.toString(actors)));
            }
            planting.execute("SET session_replication_role = origin");
        }
    }

    /** The address below which the account's pages are. */
    private URI signIn(PortalUnderTest portal) throws IOException, InterruptedException {
        URI link = URI.create(portal.operate("sign-in-link", ADMIN, "--account", PortalUnderTest.ACCOUNT)
                .path("url")
                .asText());
        URI base = URI.create("http://localhost:" + portal.webPort());
        HttpResponse<String> asked = http.send(
                HttpRequest.newBuilder(base.resolve(link.getRawPath() + "?" + link.getRawQuery()))
                        .build(),
                BodyHandlers.ofString());
        StringBuilder form = new StringBuilder();
        HIDDEN.matcher(asked.body())
                .results()
                .forEach(field -> form.append(form.isEmpty() ? "" : "&")
                        .append(field.group(1))
                        .append('=')
                        .append(URLEncoder.encode(field.group(2), StandardCharsets.UTF_8)));
        HttpResponse<String> entered = http.send(
                HttpRequest.newBuilder(base.resolve(link.getRawPath()))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form.toString()))
                        .build(),
                BodyHandlers.ofString());
        if (entered.statusCode() != 303) {
            throw new BenchmarkFailedException("nobody is signed in: " + entered.statusCode() + " " + entered.body());
        }
        return base.resolve("/" + PortalUnderTest.ACCOUNT);
    }

    private String next(URI console, String list) throws IOException, InterruptedException {
        var link = NEXT.matcher(get(console + list).body());
        if (!link.find()) {
            throw new BenchmarkFailedException(list + " has no page after it");
        }
        return console.resolve(link.group(1).replace("&amp;", "&")).toString();
    }

    private void row(String name, String address) throws IOException, InterruptedException {
        HttpResponse<String> page = get(address);
        int bytes = page.body().getBytes(StandardCharsets.UTF_8).length;
        int all = bytes;
        var needed = new TreeSet<String>();
        FILE.matcher(page.body()).results().forEach(file -> needed.add(file.group(1)));
        for (String file : needed) {
            all += files.containsKey(file) ? files.get(file) : size(page.uri().resolve(file), file);
        }
        Histogram latency = new Histogram(LONGEST, 3);
        repeat(() -> get(address), Duration.ofSeconds(1), time -> {});
        repeat(() -> get(address), Duration.ofSeconds(seconds), latency::recordValue);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("page", name);
        row.put("p50 ms", latency.getValueAtPercentile(50) / 1e6);
        row.put("p99 ms", latency.getValueAtPercentile(99) / 1e6);
        row.put("max ms", latency.getMaxValue() / 1e6);
        row.put("KB", bytes / 1000);
        row.put("KB with its files", all / 1000);
        rows.add(row);
        System.err.println(row);
    }

    private int size(URI address, String file) throws IOException, InterruptedException {
        int size = http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray())
                .body()
                .length;
        files.put(file, size);
        return size;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void repeat(Work work, Duration time, Consumer<Long> took) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            long begin = System.nanoTime();
            try {
                work.run();
            } catch (IOException e) {
                throw new BenchmarkFailedException("a page is not shown", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchmarkFailedException("interrupted", e);
            }
            took.accept(Math.min(LONGEST, System.nanoTime() - begin));
        }
    }

    private HttpResponse<String> get(String address) throws IOException, InterruptedException {
        HttpResponse<String> page =
                http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
        if (page.statusCode() != 200) {
            throw new BenchmarkFailedException(address + ": " + page.statusCode() + " " + page.body());
        }
        return page;
    }
}
