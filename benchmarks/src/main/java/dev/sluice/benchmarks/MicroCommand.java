package dev.sluice.benchmarks;

import dev.sluice.datapath.crypto.AeadProvider;
import dev.sluice.datapath.crypto.AeadProviders;
import dev.sluice.datapath.io.openssl.Openssl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the JMH suites and, beside the AEAD, OpenSSL's benchmark. */
@Command(
        name = "micro",
        description = "Measures the kernels: seal and open, session, handshake, policy, ICMP errors, super-packets.",
        mixinStandardHelpOptions = true)
final class MicroCommand implements Callable<Integer> {
    private static final List<String> COLUMNS =
            List.of("benchmark", "parameters", "time", "±", "unit", "CPU ns/op", "B/op");
    private static final String ALLOCATION = "gc.alloc.rate.norm";
    private static final int[] AEAD_LENGTHS = {64, 576, 1280, 1420};

    @Option(names = "--quick", description = "One short fork each: seconds instead of minutes, and rough.")
    private boolean quick;

    @Option(names = "--results", paramLabel = "DIR", description = "Where to record (default: benchmarks/results).")
    private @Nullable Path results;

    @Parameters(
            arity = "0..*",
            paramLabel = "SUITE",
            description = "Aead, Session, Handshake, Policy, IcmpError, SuperPacket (default: all).")
    private List<String> suites = new ArrayList<>();

    @Override
    public Integer call() throws RunnerException, InterruptedException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (RunResult result : run()) {
            rows.add(row(result));
        }
        if (suites.isEmpty() || suites.contains("Aead")) {
            addLimit(rows);
        }
        String command = "./sluice bench micro" + (quick ? " --quick" : "")
                + suites.stream().map(suite -> " " + suite).collect(Collectors.joining());
        List<String> notes = List.of(
                "Times are means with JMH's 99.9 % interval. CPU is the processor time of the whole process: where it is"
                        + " far below the time, the machine was not ours alone. B/op is what its thread allocates.",
                quick ? "A quick run: one fork, a few seconds each." : "Two forks, five iterations of a second each.");
        Report report = new Report("micro", Machine.current(command), COLUMNS, rows, notes);
        report.print();
        report.record(results == null ? Report.defaultDirectory() : results);
        return 0;
    }

    private Collection<RunResult> run() throws RunnerException {
        Openssl.find().ifPresent(AeadProviders::add);
        OptionsBuilder options = new OptionsBuilder();
        List<String> names = suites.isEmpty() ? List.of(".*") : suites;
        names.forEach(name -> options.include("dev\\.sluice\\.benchmarks\\." + name + "Benchmark\\."));
        String[] providers =
                AeadProviders.available().stream().map(AeadProvider::name).toArray(String[]::new);
        options.param("provider", providers)
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuTimeProfiler.class)
                .verbosity(VerboseMode.NORMAL)
                .shouldFailOnError(true)
                .forks(quick ? 1 : 2)
                .warmupIterations(quick ? 2 : 4)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(quick ? 2 : 5)
                .measurementTime(quick ? TimeValue.milliseconds(500) : TimeValue.seconds(1));
        Collection<RunResult> run = new Runner(options.build()).run();
        if (run.isEmpty()) {
            throw new BenchmarkFailedException("no such suite: " + String.join(", ", suites) + "; see --help");
        }
        return run;
    }

    private static Map<String, Object> row(RunResult result) {
        Result<?> time = result.getPrimaryResult();
        String label = result.getParams().getBenchmark();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("benchmark", label.substring(Main.class.getPackageName().length() + 1));
        row.put(
                "parameters",
                result.getParams().getParamsKeys().stream()
                        .map(key -> key + "=" + result.getParams().getParam(key))
                        .collect(Collectors.joining(" ")));
        row.put("time", time.getScore());
        if (Double.isFinite(time.getScoreError())) {
            row.put("±", time.getScoreError());
        }
        row.put("unit", time.getScoreUnit());
        Result<?> cpu = result.getSecondaryResults().get(CpuTimeProfiler.LABEL);
        if (cpu != null) {
            row.put("CPU ns/op", cpu.getScore());
        }
        Result<?> allocation = result.getSecondaryResults().get(ALLOCATION);
        if (allocation != null) {
            row.put("B/op", allocation.getScore());
        }
        return row;
    }

    private void addLimit(List<Map<String, Object>> rows) throws InterruptedException {
        for (int length : AEAD_LENGTHS) {
            OpensslSpeed.sealNanos(length, quick ? 1 : 3).ifPresent(nanos -> {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("benchmark", OpensslSpeed.NAME + " (limit)");
                row.put("parameters", "length=" + length);
                row.put("time", nanos);
                row.put("unit", "ns/op");
                rows.add(row);
            });
        }
    }
}
