package dev.sluice.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares our tunnel in the lab with Debian's wireguard-go, and with any other build of it, in turns. */
@Command(
        name = "tunnel",
        description =
                "Throughput, processor time, memory and round trips of the tunnel in the lab, beside wireguard-go.",
        mixinStandardHelpOptions = true)
final class TunnelCommand implements Callable<Integer> {
    private static final List<String> COLUMNS =
            List.of("MTU", "what", "pair", "median", "unit", "CPU s/GB", "RSS MiB", "B allocated/KiB", "each round");
    private static final int LEAST_ROUNDS = 3;
    private static final int WARM_UP_SECONDS = 3;
    private static final int SMALLEST_MTU = 1280;
    private static final int LARGEST_MTU = 1420;

    @Option(names = "--rounds", description = "Rounds, at least 3 (default: ${DEFAULT-VALUE}).")
    private int rounds = LEAST_ROUNDS;

    @Option(names = "--seconds", description = "Seconds of each measurement (default: ${DEFAULT-VALUE}).")
    private int seconds = 5;

    @Option(
            names = "--cells",
            split = ",",
            paramLabel = "CELL",
            description = "Of ${COMPLETION-CANDIDATES} (default: all).")
    private List<TunnelCell> cells = TunnelCell.all();

    @Option(names = "--mtu", split = ",", paramLabel = "BYTES", description = "1280 to 1420 (default: 1280,1420).")
    private List<Integer> mtus = List.of(SMALLEST_MTU, LARGEST_MTU);

    @Option(names = "--plain", description = "Plain WireGuard on both ends only, without our client and gateway.")
    private boolean plainOnly;

    @Option(
            names = "--peer",
            paramLabel = "PATH",
            description = {
                "Another wireguard-go to compare with, as one built by",
                "go install golang.zx2c4.com/wireguard@latest."
            })
    private @Nullable Path peer;

    @Option(names = "--results", paramLabel = "DIR", description = "Where to record (default: benchmarks/results).")
    private @Nullable Path results;

    /** Where a sample belongs. */
    private record Key(int mtu, TunnelCell cell, String pair) {}

    private final Map<Key, List<TunnelSample>> samples = new LinkedHashMap<>();
    private final Map<String, Boolean> ours = new LinkedHashMap<>();

    @Override
    public Integer call() {
        if (rounds < LEAST_ROUNDS || seconds < 1) {
            throw new BenchmarkFailedException("a median needs 3 rounds at least, of a second at least");
        }
        if (mtus.stream().anyMatch(mtu -> mtu < SMALLEST_MTU || mtu > LARGEST_MTU)) {
            throw new BenchmarkFailedException("--mtu takes " + SMALLEST_MTU + " to " + LARGEST_MTU);
        }
        if (peer != null && !Files.isExecutable(peer)) {
            throw new BenchmarkFailedException("--peer " + peer + " is no program");
        }
        Programs.require(Map.of(
                "iperf3", "iperf3", "wireguard-go", "wireguard-go", "wg", "wireguard-tools", "ping", "iputils-ping"));
        for (int mtu : mtus) {
            LabHosts lab = LabHosts.ofThisTree().with("SLUICE_MTU", Integer.toString(mtu));
            if (lab.isUp()) {
                throw new BenchmarkFailedException("a lab is up already: ./sluice lab down");
            }
            lab.up();
            try {
                measure(lab, mtu);
            } finally {
                lab.down();
            }
        }
        report();
        return 0;
    }

    private void measure(LabHosts lab, int mtu) {
        List<TunnelPair> pairs = pairs(lab, mtu);
        long server = TunnelSample.startServer(lab);
        List<TunnelPair> started = new ArrayList<>();
        try {
            for (TunnelPair pair : pairs) {
                ours.put(pair.name(), pair.runsOnJvm());
                pair.start();
                started.add(pair);
                TunnelSample.run(lab, pair, TunnelCell.UP, WARM_UP_SECONDS, mtu);
                TunnelSample.run(lab, pair, TunnelCell.DOWN, WARM_UP_SECONDS, mtu);
            }
            for (int round = 0; round < rounds; round++) {
                for (TunnelCell cell : cells) {
                    for (TunnelPair pair : pairs) {
                        TunnelSample sample = TunnelSample.run(lab, pair, cell, seconds, mtu);
                        System.err.printf(
                                Locale.ROOT,
                                "MTU %d, round %d: %s, %s: %s%n",
                                mtu,
                                round + 1,
                                cell.text(),
                                pair.name(),
                                sample.text(cell));
                        samples.computeIfAbsent(new Key(mtu, cell, pair.name()), any -> new ArrayList<>())
                                .add(sample);
                    }
                }
            }
        } finally {
            started.forEach(TunnelPair::stop);
            TunnelSample.stopServer(lab, server);
        }
    }

    private List<TunnelPair> pairs(LabHosts lab, int mtu) {
        List<TunnelPair> pairs = new ArrayList<>();
        if (!plainOnly) {
            pairs.add(new SluicePair(lab));
        }
        pairs.add(WireGuardPair.ours(lab, mtu));
        pairs.add(WireGuardPair.theirs(lab, mtu));
        if (peer != null) {
            pairs.add(WireGuardPair.of(lab, mtu, peer));
        }
        return pairs;
    }

    private void report() {
        List<Map<String, Object>> rows = new ArrayList<>();
        samples.forEach((key, rounded) -> rows.add(row(key, rounded)));
        List<String> notes = new ArrayList<>();
        for (Key key : samples.keySet()) {
            for (Key other : samples.keySet()) {
                boolean same = key.mtu() == other.mtu() && key.cell() == other.cell();
                if (same && ours.get(key.pair()) && !ours.get(other.pair())) {
                    notes.add(ratio(key, other));
                }
            }
        }
        notes.add(String.format(
                Locale.ROOT,
                "Client, gateway and a resource behind it; iperf3, TCP with cubic; %d s each, medians of %d rounds taken in"
                        + " turns.",
                seconds,
                rounds));
        notes.add(
                "CPU is user and kernel time of the client's and the gateway's process, per 10⁹ bytes received; RSS is of"
                        + " both. Allocated is what all their threads allocate for each 1,024 bytes received.");
        Report report = new Report("tunnel", Machine.current(commandLine()), COLUMNS, rows, notes);
        report.print();
        report.record(results == null ? Report.defaultDirectory() : results);
    }

    private Map<String, Object> row(Key key, List<TunnelSample> rounded) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("MTU", key.mtu());
        row.put("what", key.cell().text());
        row.put("pair", key.pair());
        double figure = median(rounded, TunnelSample::figure);
        row.put("median", key.cell().isTime() ? String.format(Locale.ROOT, "%.3f", figure) : (Object) figure);
        row.put("unit", key.cell().isTime() ? "ms" : "Mbit/s");
        if (!key.cell().isTime()) {
            row.put("CPU s/GB", median(rounded, TunnelSample::cpuSecondsPerGigabyte));
        }
        row.put("RSS MiB", median(rounded, TunnelSample::mebibytes));
        if (ours.get(key.pair()) && !key.cell().isTime()) {
            row.put("B allocated/KiB", 1024 * median(rounded, TunnelSample::allocatedPerByte));
        }
        row.put(
                "each round",
                rounded.stream()
                        .map(sample ->
                                String.format(Locale.ROOT, key.cell().isTime() ? "%.2f" : "%.0f", sample.figure()))
                        .collect(Collectors.joining(" ")));
        return row;
    }

    private String ratio(Key one, Key other) {
        List<TunnelSample> mine = samples.getOrDefault(one, List.of());
        List<TunnelSample> theirs = samples.getOrDefault(other, List.of());
        double figures = median(mine, TunnelSample::figure) / median(theirs, TunnelSample::figure);
        String what = String.format(
                Locale.ROOT, "MTU %d, %s: %s ", one.mtu(), one.cell().text(), one.pair());
        if (one.cell().isTime()) {
            return what + String.format(Locale.ROOT, "%.2fx of %s.", figures, other.pair());
        }
        double cpu =
                median(mine, TunnelSample::cpuSecondsPerGigabyte) / median(theirs, TunnelSample::cpuSecondsPerGigabyte);
        return what
                + String.format(
                        Locale.ROOT, "%.2fx the throughput of %s at %.2fx its CPU.", figures, other.pair(), cpu);
    }

    private String commandLine() {
        return String.format(
                Locale.ROOT,
                "./sluice bench tunnel%s%s --rounds %d --seconds %d --mtu %s --cells %s",
                plainOnly ? " --plain" : "",
                peer == null ? "" : " --peer " + peer.getFileName(),
                rounds,
                seconds,
                mtus.stream().map(mtu -> Integer.toString(mtu)).collect(Collectors.joining(",")),
                cells.stream().map(TunnelCell::name).collect(Collectors.joining(",")));
    }

    private static double median(List<TunnelSample> samples, ToDoubleFunction<TunnelSample> figure) {
        double[] sorted = samples.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
