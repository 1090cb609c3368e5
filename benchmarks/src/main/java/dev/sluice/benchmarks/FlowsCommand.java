package dev.sluice.benchmarks;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Flows through a portal of its own, beside what its database can do. */
@Command(
        name = "flows",
        description = {
            "Measures how many flows a second the portal decides and gateways confirm, and how long an ask takes.",
            "Beside it, in the same run and on the same server: pgbench -N."
        },
        mixinStandardHelpOptions = true)
final class FlowsCommand implements Callable<Integer> {
    private static final List<String> COLUMNS = List.of(
            "load",
            "flows/s",
            "of pgbench",
            "p50 ms",
            "p99 ms",
            "max ms",
            "failed",
            "portal CPU ms",
            "PostgreSQL CPU ms",
            "load CPU ms");
    private static final double OPEN_LOOP_SHARE = 0.7;

    private static final String PGBENCH = "pgbench";
    private static final Pattern TRANSACTIONS = Pattern.compile("tps = ([0-9.]+)");

    @Option(names = "--seconds", description = "Seconds of each load (default: ${DEFAULT-VALUE}).")
    private int seconds = 10;

    @Option(
            names = "--clients",
            split = ",",
            paramLabel = "N",
            description = "How many clients ask at once (default: ${DEFAULT-VALUE}).")
    private List<Integer> clients = List.of(1, 16, 64, 256);

    @Option(
            names = "--gateways",
            split = ",",
            paramLabel = "N",
            description = "How many gateways they are served by (default: ${DEFAULT-VALUE}).")
    private List<Integer> gateways = List.of(1, 100);

    @Option(names = "--results", paramLabel = "DIR", description = "Where to record (default: benchmarks/results).")
    private @Nullable Path results;

    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final List<Duration> warmUps = new ArrayList<>();

    @Override
    public Integer call() {
        if (seconds < 1 || Collections.min(clients) < 1 || Collections.min(gateways) < 1) {
            throw new BenchmarkFailedException("--seconds, --clients, --gateways: at least one");
        }
        Programs.require(Map.of(PGBENCH, "postgresql-contrib", "createdb", "postgresql-client-common"));
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (PortalUnderTest portal = PortalUnderTest.start()) {
            measure(portal, loop);
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
        return 0;
    }

    private void measure(PortalUnderTest portal, EventLoopGroup loop) {
        String clientToken = portal.clientToken();
        String gatewayToken = portal.gatewayToken();
        portal.postgres("postgres", "createdb", PGBENCH);
        portal.postgres(PGBENCH, PGBENCH, "--initialize", "--quiet", "--scale=10", PGBENCH);
        double before = transactions(portal);
        double best = 0;
        FlowLoad load = new FlowLoad(loop);
        int most = Collections.max(clients);
        for (int serving : gateways) {
            load.addGateways(portal.socket("gateway"), gatewayToken, serving, "gateway-" + serving + "-");
            load.addClients(portal.socket("client"), clientToken, most, "client-" + serving + "-");
            warmUps.add(portal.warmUp(time -> load.closedLoop(most, time)));
            for (int asking : clients) {
                String name = String.format(Locale.ROOT, "%d clients, %d gateways", asking, serving);
                FlowLoad.Outcome outcome =
                        row(portal, name, () -> load.closedLoop(asking, Duration.ofSeconds(seconds)));
                best = Math.max(best, outcome.perSecond());
            }
            if (serving == gateways.getFirst()) {
                double rate = best * OPEN_LOOP_SHARE;
                row(
                        portal,
                        String.format(Locale.ROOT, "open loop, %.0f/s", rate),
                        () -> load.openLoop(rate, Duration.ofSeconds(seconds)));
            }
            load.close();
        }
        report((before + transactions(portal)) / 2, best);
    }

    private FlowLoad.Outcome row(PortalUnderTest portal, String name, Supplier<FlowLoad.Outcome> run) {
        double portalBefore = portal.cpuSeconds();
        double databaseBefore = portal.databaseCpuSeconds();
        double ownBefore = ownCpuSeconds();
        FlowLoad.Outcome outcome = run.get();
        Histogram latency = outcome.latency();
        double flows = Math.max(1, latency.getTotalCount());
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("load", name);
        row.put("flows/s", outcome.perSecond());
        row.put("p50 ms", latency.getValueAtPercentile(50) / 1e6);
        row.put("p99 ms", latency.getValueAtPercentile(99) / 1e6);
        row.put("max ms", latency.getMaxValue() / 1e6);
        row.put("failed", outcome.failures());
        row.put("portal CPU ms", hundredths((portal.cpuSeconds() - portalBefore) * 1000 / flows));
        row.put("PostgreSQL CPU ms", hundredths((portal.databaseCpuSeconds() - databaseBefore) * 1000 / flows));
        row.put("load CPU ms", hundredths((ownCpuSeconds() - ownBefore) * 1000 / flows));
        rows.add(row);
        System.err.println(row);
        return outcome;
    }

    private double transactions(PortalUnderTest portal) {
        String output = portal.postgres(
                PGBENCH,
                PGBENCH,
                "--skip-some-updates",
                "--protocol=prepared",
                "--client=16",
                "--jobs=2",
                "--no-vacuum",
                "--time=" + seconds,
                PGBENCH);
        Matcher found = TRANSACTIONS.matcher(output);
        if (!found.find()) {
            throw new BenchmarkFailedException("pgbench says no rate: " + output);
        }
        double perSecond = Double.parseDouble(found.group(1));
        System.err.printf(Locale.ROOT, "pgbench: %.0f tx/s%n", perSecond);
        return perSecond;
    }

    private void report(double transactions, double best) {
        for (Map<String, Object> row : rows) {
            row.put("of pgbench", hundredths((double) row.get("flows/s") / transactions));
        }
        List<String> notes = List.of(
                String.format(
                        Locale.ROOT,
                        "pgbench -N, prepared, 16 clients, on the same server before and after: %.0f tx/s. Best: %.2f of it.",
                        transactions,
                        best / transactions),
                "A flow is an ask, the decision, the gateway's confirmation, and the client's being told; CPU is per flow.",
                "Clients and gateways are of another make, on one event loop of the measuring process.",
                "The portal was warm: before each number of gateways it was loaded until it hardly compiled any more, for "
                        + warmUps.stream().map(time -> time.toSeconds() + " s").collect(Collectors.joining(" and "))
                        + ".");
        String command = String.format(
                Locale.ROOT,
                "./sluice bench flows --seconds %d --clients %s --gateways %s",
                seconds,
                joined(clients),
                joined(gateways));
        Report report = new Report("flows", Machine.current(command), COLUMNS, rows, notes);
        report.print();
        report.record(results == null ? Report.defaultDirectory() : results);
    }

    private static String joined(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static String hundredths(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static double ownCpuSeconds() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9
                : 0;
    }
}
