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

/** TCP through the lab: our pair and Debian's wireguard-go, one after the other, round by round. */
@Command(
        name = "tunnel",
        description = "Measures TCP throughput and CPU time through the lab, ours and wireguard-go by turns.",
        mixinStandardHelpOptions = true)
final class TunnelCommand implements Callable<Integer> {
    private static final List<String> COLUMNS =
            List.of("pair", "direction", "Mbit/s", "CPU s/GB", "RSS MiB", "B/packet", "Mbit/s of each round");
    private static final int WARM_UP_SECONDS = 5;
    private static final int LEAST_ROUNDS = 3;

    @Option(names = "--rounds", description = "Rounds, at least 3 (default: ${DEFAULT-VALUE}).")
    private int rounds = LEAST_ROUNDS;

    @Option(names = "--seconds", description = "Seconds of each transfer (default: ${DEFAULT-VALUE}).")
    private int seconds = 5;

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

    @Override
    public Integer call() {
        if (rounds < LEAST_ROUNDS || seconds < 1) {
            throw new BenchmarkFailedException("a median needs 3 rounds at least, of a second at least");
        }
        if (peer != null && !Files.isExecutable(peer)) {
            throw new BenchmarkFailedException("--peer " + peer + " is no program");
        }
        Programs.require(Map.of("iperf3", "iperf3", "wireguard-go", "wireguard-go", "wg", "wireguard-tools"));
        LabHosts lab = LabHosts.ofThisTree();
        boolean wasUp = lab.isUp();
        lab.up();
        try {
            measure(lab);
        } finally {
            if (!wasUp) {
                lab.down();
            }
        }
        return 0;
    }

    private void measure(LabHosts lab) {
        List<TunnelPair> pairs = pairs(lab);
        Map<String, List<Transfer>> transfers = new LinkedHashMap<>();
        long server = Transfer.startServer(lab);
        List<TunnelPair> started = new ArrayList<>();
        try {
            for (TunnelPair pair : pairs) {
                pair.start();
                started.add(pair);
                Transfer.run(lab, pair, Transfer.Way.UP, WARM_UP_SECONDS);
                Transfer.run(lab, pair, Transfer.Way.DOWN, WARM_UP_SECONDS);
            }
            for (int round = 0; round < rounds; round++) {
                for (Transfer.Way way : Transfer.Way.values()) {
                    for (TunnelPair pair : pairs) {
                        Transfer transfer = Transfer.run(lab, pair, way, seconds);
                        System.err.printf(
                                Locale.ROOT,
                                "round %d: %s, %s: %.0f Mbit/s%n",
                                round + 1,
                                pair.name(),
                                way.text(),
                                transfer.megabits());
                        transfers
                                .computeIfAbsent(key(pair, way), any -> new ArrayList<>())
                                .add(transfer);
                    }
                }
            }
        } finally {
            started.forEach(TunnelPair::stop);
            Transfer.stopServer(lab, server);
        }
        report(pairs, transfers);
    }

    private List<TunnelPair> pairs(LabHosts lab) {
        List<TunnelPair> pairs = new ArrayList<>();
        if (!plainOnly) {
            pairs.add(new SluicePair(lab));
        }
        pairs.add(WireGuardPair.ours(lab));
        pairs.add(WireGuardPair.theirs(lab));
        if (peer != null) {
            pairs.add(WireGuardPair.of(lab, peer));
        }
        return pairs;
    }

    private void report(List<TunnelPair> pairs, Map<String, List<Transfer>> transfers) {
        List<Map<String, Object>> rows = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (Transfer.Way way : Transfer.Way.values()) {
            for (TunnelPair pair : pairs) {
                List<Transfer> rounded = transfers.getOrDefault(key(pair, way), List.of());
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("pair", pair.name());
                row.put("direction", way.text());
                row.put("Mbit/s", median(rounded, Transfer::megabits));
                row.put("CPU s/GB", median(rounded, Transfer::cpuSecondsPerGigabyte));
                row.put("RSS MiB", median(rounded, Transfer::mebibytes));
                if (pair.runsOnJvm()) {
                    row.put("B/packet", median(rounded, Transfer::allocatedPerPacket));
                }
                row.put(
                        "Mbit/s of each round",
                        rounded.stream()
                                .map(transfer -> String.format(Locale.ROOT, "%.0f", transfer.megabits()))
                                .collect(Collectors.joining(" ")));
                rows.add(row);
            }
            for (TunnelPair pair : pairs) {
                for (TunnelPair other : pairs) {
                    if (pair.runsOnJvm() && !other.runsOnJvm()) {
                        notes.add(ratio(transfers, pair, other, way));
                    }
                }
            }
        }
        notes.add(String.format(
                Locale.ROOT,
                "iperf3 -C cubic, one stream, %d s a transfer, MTU 1280, medians of %d rounds taken in turns.",
                seconds,
                rounds));
        notes.add("CPU is user and kernel time of the client's and the gateway's process; RSS is of both."
                + " B/packet is what all their threads allocate for a full packet and its acknowledgment.");
        String command = String.format(
                Locale.ROOT,
                "./sluice bench tunnel%s%s --rounds %d --seconds %d",
                plainOnly ? " --plain" : "",
                peer == null ? "" : " --peer " + peer.getFileName(),
                rounds,
                seconds);
        Report report = new Report("tunnel", Machine.current(command), COLUMNS, rows, notes);
        report.print();
        report.record(results == null ? Report.defaultDirectory() : results);
    }

    private static String ratio(
            Map<String, List<Transfer>> transfers, TunnelPair ours, TunnelPair theirs, Transfer.Way way) {
        List<Transfer> one = transfers.getOrDefault(key(ours, way), List.of());
        List<Transfer> other = transfers.getOrDefault(key(theirs, way), List.of());
        return String.format(
                Locale.ROOT,
                "%s, %s: %.2fx the throughput of %s at %.2fx its CPU.",
                ours.name(),
                way.text(),
                median(one, Transfer::megabits) / median(other, Transfer::megabits),
                theirs.name(),
                median(one, Transfer::cpuSecondsPerGigabyte) / median(other, Transfer::cpuSecondsPerGigabyte));
    }

    private static double median(List<Transfer> transfers, ToDoubleFunction<Transfer> figure) {
        double[] sorted = transfers.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String key(TunnelPair pair, Transfer.Way way) {
        return pair.name() + ", " + way.text();
    }
}
