package dev.sluice.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A large directory, read and applied while clients ask for access. */
@Command(
        name = "directory",
        description = {
            "Has a portal with a heap of 512 MiB read a directory from pages that are made here, and apply it, while clients ask",
            "for access at a fixed rate; then reads it again, without a change, and looks at what that writes."
        },
        mixinStandardHelpOptions = true)
final class DirectoryCommand implements Callable<Integer> {
    private static final List<String> COLUMNS =
            List.of("what", "s", "did", "asks/s", "p50 ms", "p99 ms", "p99 of idle", "heap MiB");

    /** What a run could write, beside its own row. */
    private static final List<String> TABLES = List.of(
            "actor",
            "actor_group",
            "membership",
            "directory_user",
            "directory_group",
            "directory_held",
            "outbound_mail");

    private static final int CLIENTS = 50;
    private static final Duration SLICE = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration AT_MOST = Duration.ofMinutes(20);
    /** Until a server's statistics have all that its sessions did. */
    private static final Duration TOLD = Duration.ofSeconds(3);

    @Option(names = "--users", description = "How many (default: ${DEFAULT-VALUE}).")
    private int users = 100_000;

    @Option(names = "--groups", description = "How many (default: ${DEFAULT-VALUE}).")
    private int groups = 10_000;

    @Option(names = "--memberships", description = "How many (default: ${DEFAULT-VALUE}).")
    private int memberships = 1_000_000;

    @Option(names = "--rate", description = "Of asks a second (default: ${DEFAULT-VALUE}).")
    private int rate = 20;

    @Option(names = "--results", paramLabel = "DIR", description = "Where to record (default: benchmarks/results).")
    private @Nullable Path results;

    private final List<Map<String, Object>> rows = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        if (users < 1 || groups < 1 || memberships < groups || memberships / groups > users) {
            throw new BenchmarkFailedException("each group has memberships/groups members: between one and all users");
        }
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (DirectoryPages pages = new DirectoryPages(users, groups, memberships);
                PortalUnderTest portal = PortalUnderTest.start(Map.of(
                        "JDK_JAVA_OPTIONS", "-Xmx512m",
                        "WORKOS_API_KEY", "sk_bench",
                        "WORKOS_API_BASE", pages.url(),
                        "SLUICE_OUTGOING_ALLOW", "127.0.0.0/8"))) {
            FlowLoad load = new FlowLoad(loop);
            load.addGateways(portal.socket("gateway"), portal.gatewayToken(), 1, "gateway-");
            load.addClients(portal.socket("client"), portal.clientToken(), CLIENTS, "client-");
            portal.warmUp(time -> load.openLoop(rate, time));
            Histogram idle = load.openLoop(rate, IDLE).latency();
            row("idle", "", "", idle, idle, portal);
            portal.operate(
                    "directory", "create", "--name", "Large", "--type", "workos", "--account", PortalUnderTest.ACCOUNT);
            portal.operate("directory", "link", "Large", "--account", PortalUnderTest.ACCOUNT);
            run("the first time", portal, load, idle);
            Map<String, Long> before = written(portal);
            run("again", portal, load, idle);
            Map<String, Long> after = written(portal);
            after.forEach((table, count) -> after.put(table, count - before.get(table)));
            System.err.println("rows written the second time: " + after);
            load.close();
            Report report = new Report(
                    "directory",
                    Machine.current("./sluice bench directory --users " + users + " --groups " + groups
                            + " --memberships " + memberships + " --rate " + rate),
                    COLUMNS,
                    rows,
                    List.of(
                            "The portal's heap is 512 MiB at most; pages of 100 come from this machine, for each group one or more.",
                            "Asks come at a fixed rate, whether they are answered or not; their times are those while it ran,"
                                    + " in slices of " + SLICE.toSeconds() + " s.",
                            "Rows written the second time, beside that of the run and the stage: " + after + "."));
            report.print();
            report.record(results == null ? Report.defaultDirectory() : results);
        } finally {
            loop.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        }
        return 0;
    }

    private void run(String what, PortalUnderTest portal, FlowLoad load, Histogram idle) {
        int before = runs(portal).size();
        portal.operate("directory", "sync", "Large", "--account", PortalUnderTest.ACCOUNT);
        Histogram reading = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        Histogram applying = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        Instant end = Instant.now().plus(AT_MOST);
        Optional<JsonNode> latest;
        do {
            Histogram slice = load.openLoop(rate, SLICE).latency();
            List<JsonNode> runs = runs(portal);
            latest = Optional.of(runs.getLast()).filter(run -> runs.size() > before);
            (isAt(latest, "read_at") ? applying : reading).add(slice);
            if (Instant.now().isAfter(end)) {
                throw new BenchmarkFailedException("the directory was not read and applied within " + AT_MOST);
            }
            if (latest.isPresent() && latest.get().path("outcome").asText().equals("failed")) {
                throw new BenchmarkFailedException(
                        "the directory: " + latest.get().path("error").asText());
            }
        } while (!isAt(latest, "finished_at"));
        JsonNode run = latest.get();
        row(what + ": read", seconds(run, "started_at", "read_at"), "", reading, idle, portal);
        row(
                what + ": applied",
                seconds(run, "read_at", "finished_at"),
                run.path("counts").toString(),
                applying,
                idle,
                portal);
        reading.add(applying);
        row(what, seconds(run, "started_at", "finished_at"), "", reading, idle, portal);
    }

    private static boolean isAt(Optional<JsonNode> run, String time) {
        return run.isPresent() && run.get().hasNonNull(time);
    }

    private static List<JsonNode> runs(PortalUnderTest portal) {
        List<JsonNode> runs = new ArrayList<>();
        portal.operate("directory", "runs", "Large", "--account", PortalUnderTest.ACCOUNT)
                .forEach(runs::add);
        return runs;
    }

    private void row(
            String what, String seconds, String did, Histogram latency, Histogram idle, PortalUnderTest portal) {
        double p99 = latency.getValueAtPercentile(99) / 1e6;
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("what", what);
        row.put("s", seconds);
        row.put("did", did);
        row.put("asks/s", rate);
        row.put("p50 ms", latency.getValueAtPercentile(50) / 1e6);
        row.put("p99 ms", p99);
        row.put("p99 of idle", String.format(Locale.ROOT, "%.2f", p99 / (idle.getValueAtPercentile(99) / 1e6)));
        row.put("heap MiB", portal.heapBytes() / 1024 / 1024);
        rows.add(row);
        System.err.println(row);
    }

    private static String seconds(JsonNode run, String from, String to) {
        Duration time = Duration.between(
                Instant.parse(run.path(from).asText()),
                Instant.parse(run.path(to).asText()));
        return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1000.0);
    }

    /** How many rows were written so far, by table. */
    private static Map<String, Long> written(PortalUnderTest portal) throws SQLException, InterruptedException {
        Thread.sleep(TOLD);
        Map<String, Long> written = new TreeMap<>();
        try (Connection connection = portal.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables")) {
            while (rows.next()) {
                if (TABLES.contains(rows.getString(1))) {
                    written.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
        return written;
    }
}
