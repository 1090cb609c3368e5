package dev.sluice.benchmarks;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long a revocation takes: from its commit until the frame is on the gateway's socket. */
@Command(
        name = "revocation",
        description = {
            "Measures how long a revocation takes, from the commit of what ends access to the frame on the gateway's socket,",
            "while the portal decides half of what it can; beside it what PostgreSQL needs to notify a listener. Every cause",
            "that commits has its row, and so has time. Then one change that ends 20,000 flows over 1,000 gateways, and the",
            "scenario last-packet: until when packets come through a tunnel."
        },
        mixinStandardHelpOptions = true)
final class RevocationCommand implements Callable<Integer> {
    private static final List<String> COLUMNS = List.of("what", "n", "p50 ms", "p90 ms", "p99 ms", "max ms");
    private static final int CLIENTS = 64;
    private static final double SHARE = 0.5;
    private static final Duration RATING = Duration.ofSeconds(10);

    @Option(names = "--count", description = "Revocations of each kind (default: ${DEFAULT-VALUE}).")
    private int count = 1000;

    @Option(names = "--results", paramLabel = "DIR", description = "Where to record (default: benchmarks/results).")
    private @Nullable Path results;

    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    @Override
    public Integer call() {
        if (count < 1) {
            throw new BenchmarkFailedException("--count: at least one");
        }
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (PortalUnderTest portal = PortalUnderTest.start()) {
            String clientToken = portal.clientToken();
            String gatewayToken = portal.gatewayToken();
            single(portal, loop, clientToken, gatewayToken);
            mass(portal, loop, gatewayToken);
        } catch (SQLException e) {
            throw new BenchmarkFailedException("the portal's database refuses", e);
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
        notes.add("Through a tunnel of the lab: "
                + LabHosts.ofThisTree().scenario("last-packet").replaceFirst("^\\S+\\s+\\S+\\s+", ""));
        System.err.println(notes.getLast());
        Report report = new Report(
                "revocation", Machine.current("./sluice bench revocation --count " + count), COLUMNS, rows, notes);
        report.print();
        report.record(results == null ? Report.defaultDirectory() : results);
        return 0;
    }

    private void single(PortalUnderTest portal, EventLoopGroup loop, String clientToken, String gatewayToken)
            throws SQLException {
        try (Revocations revocations = new Revocations(portal, loop)) {
            FlowLoad load = new FlowLoad(loop, revocations::rejected);
            load.addGateways(portal.socket("gateway"), gatewayToken, 1, "gateway-");
            load.addClients(portal.socket("client"), clientToken, CLIENTS, "client-");
            revocations.join(portal.socket("client"), clientToken);
            portal.warmUp(time -> load.closedLoop(CLIENTS, time));
            double best = load.closedLoop(CLIENTS, RATING).perSecond();
            revocations.run(Math.max(1, count / 10));
            revocations.forget();
            Thread beside = Thread.startVirtualThread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    try {
                        load.openLoop(best * SHARE, Duration.ofSeconds(30));
                    } catch (BenchmarkFailedException interrupted) {
                        return;
                    }
                }
            });
            revocations.run(count);
            row("control: NOTIFY, commit to listener", revocations.control());
            row("policy disabled by SQL, commit to frame", revocations.toFrame());
            row("the same, its own commit with what it waits for", revocations.ownCommit());
            row("the same, commit to the client's frame", revocations.toClient());
            revocations.throughTheService(Math.max(1, count / 5));
            row("policy disabled by the operator, order to frame", revocations.toFrameByService());
            causes(portal, loop);
            beside.interrupt();
            notes.add(String.format(
                    Locale.ROOT,
                    "Beside it %d clients asked for %.0f flows a second, half of the %.0f that the portal decided before.",
                    CLIENTS,
                    best * SHARE,
                    best));
            load.close();
        }
    }

    private void causes(PortalUnderTest portal, EventLoopGroup loop) throws SQLException {
        try (Causes causes = new Causes(portal, loop)) {
            causes.byCommit(Math.max(1, count / 100)).forEach((cause, took) -> row(cause + ", commit to frame", took));
            row("flow expired, from its expiry to frame", causes.expiry(Math.max(1, count / 10)));
        }
    }

    private void mass(PortalUnderTest portal, EventLoopGroup loop, String gatewayToken) throws SQLException {
        MassRevocation mass = new MassRevocation(portal, loop);
        MassRevocation.Outcome outcome = mass.run(gatewayToken);
        notes.add(String.format(
                Locale.ROOT,
                "One change that ended %d flows over %d gateways committed in %.0f ms; the last gateway had its last frame"
                        + " %.0f ms after the commit.",
                outcome.flows(),
                outcome.gateways(),
                outcome.commitMillis(),
                outcome.lastFrameMillis()));
        System.err.println(notes.getLast());
    }

    private void row(String what, Histogram histogram) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("what", what);
        row.put("n", histogram.getTotalCount());
        row.put("p50 ms", hundredths(histogram.getValueAtPercentile(50)));
        row.put("p90 ms", hundredths(histogram.getValueAtPercentile(90)));
        row.put("p99 ms", hundredths(histogram.getValueAtPercentile(99)));
        row.put("max ms", hundredths(histogram.getMaxValue()));
        rows.add(row);
        System.err.println(row);
    }

    private static String hundredths(long nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / 1e6);
    }
}
