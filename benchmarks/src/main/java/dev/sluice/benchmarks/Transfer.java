package dev.sluice.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;

/**
 * One iperf3 run through a tunnel, with what its two processes spent on it.
 *
 * @param megabits a second, as received
 * @param cpuSecondsPerGigabyte of user and kernel time of both ends, per 10⁹ bytes received
 * @param mebibytes of memory that both ends hold at the end
 */
record Transfer(double megabits, double cpuSecondsPerGigabyte, double mebibytes) {
    private static final String MARK = "----sluice----";
    private static final double TICKS_PER_SECOND = 100;

    enum Way {
        UP("client to resource", ""),
        DOWN("resource to client", "--reverse");

        private final String text;
        private final String option;

        Way(String text, String option) {
            this.text = text;
            this.option = option;
        }

        String text() {
            return text;
        }
    }

    static Transfer run(LabHosts lab, TunnelPair pair, Way way, int seconds) {
        long[] processes = {lab.process(pair.clientProcess()), lab.process(pair.gatewayProcess())};
        String stat = "cat /proc/%d/stat /proc/%d/stat".formatted(processes[0], processes[1]);
        String output = lab.script(LabHosts.CLIENT, """
                %2$s
                echo %1$s
                iperf3 --client %3$s --congestion cubic --time %4$d --json %5$s || true
                echo %1$s
                %2$s
                echo %1$s
                grep -h VmRSS /proc/%6$d/status /proc/%7$d/status
                """.formatted(
                        MARK, stat, pair.target(), seconds, way.option, processes[0], processes[1]));
        List<String> parts = Arrays.asList(output.split(MARK));
        JsonNode end = end(pair, parts.get(1));
        double bytes = end.path("sum_received").path("bytes").asDouble();
        double cpu = (ticks(parts.get(2)) - ticks(parts.get(0))) / TICKS_PER_SECOND;
        double kibibytes = parts.get(3)
                .lines()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
                .sum();
        return new Transfer(
                end.path("sum_received").path("bits_per_second").asDouble() / 1e6,
                cpu / (bytes / 1e9),
                kibibytes / 1024);
    }

    /** Starts a server on the resource's host, and returns its process. */
    static long startServer(LabHosts lab) {
        lab.script(LabHosts.RESOURCE, "iperf3 --server --daemon");
        return lab.process("iperf3 --server");
    }

    static void stopServer(LabHosts lab, long process) {
        lab.script(LabHosts.RESOURCE, "kill " + process);
    }

    private static JsonNode end(TunnelPair pair, String json) {
        try {
            JsonNode report = new ObjectMapper().readTree(json);
            if (report.has("error") || !report.has("end")) {
                throw new BenchmarkFailedException("iperf3 through " + pair.name() + " failed: "
                        + report.path("error").asText());
            }
            return report.path("end");
        } catch (JsonProcessingException e) {
            throw new BenchmarkFailedException("iperf3 through " + pair.name() + " said: " + json, e);
        }
    }

    /** User and kernel time of all processes in {@code stats}: the 14th and 15th fields of proc(5). */
    private static long ticks(String stats) {
        return stats.lines()
                .filter(line -> line.indexOf(") ") > 0)
                .mapToLong(line -> {
                    String[] fields = line.substring(line.lastIndexOf(") ") + 2).split(" ");
                    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                })
                .sum();
    }
}
