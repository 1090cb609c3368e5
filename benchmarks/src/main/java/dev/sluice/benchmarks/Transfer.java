package dev.sluice.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;

/**
 * One iperf3 run through a tunnel, with what its two processes spent on it.
 *
 * @param megabits a second, as received
 * @param cpuSecondsPerGigabyte of user and kernel time of both ends, per 10⁹ bytes received
 * @param mebibytes of memory that both ends hold at the end
 * @param allocatedPerPacket bytes that both ends' threads allocate for a full packet and what acknowledges it; 0 of
 *     those that are no JVM
 */
record Transfer(double megabits, double cpuSecondsPerGigabyte, double mebibytes, double allocatedPerPacket) {
    private static final String MARK = "----sluice----";

    /** What a packet carries at MTU 1280 behind the headers of IPv4 and TCP with timestamps. */
    private static final double BYTES_PER_PACKET = 1280 - 20 - 32;

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
        List<Long> processes = List.of(lab.process(pair.clientProcess()), lab.process(pair.gatewayProcess()));
        String allocation = pair.runsOnJvm() ? ProcessUse.allocationScript(processes) : "true";
        String use = ProcessUse.script(processes);
        String transfer = String.format(
                Locale.ROOT,
                "iperf3 --client %s --congestion cubic --time %d --json %s || true",
                pair.target(),
                seconds,
                way.option);
        String output = lab.script(
                LabHosts.CLIENT,
                String.join("\n", allocation, use, "echo " + MARK, transfer, "echo " + MARK, use, allocation));
        String[] parts = output.split(MARK, -1);
        ProcessUse before = ProcessUse.parse(parts[0]);
        ProcessUse after = ProcessUse.parse(parts[2]);
        JsonNode received = end(pair, parts[1]).path("sum_received");
        double bytes = received.path("bytes").asDouble();
        return new Transfer(
                received.path("bits_per_second").asDouble() / 1e6,
                (after.cpuSeconds() - before.cpuSeconds()) / (bytes / 1e9),
                after.residentMebibytes(),
                (after.allocatedBytes() - before.allocatedBytes()) / (bytes / BYTES_PER_PACKET));
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
}
