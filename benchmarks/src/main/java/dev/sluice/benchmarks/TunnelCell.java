package dev.sluice.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One thing that is measured of each tunnel. */
enum TunnelCell {
    UP("TCP, 1 stream up", ""),
    DOWN("TCP, 1 stream down", "--reverse"),
    STREAMS("TCP, 4 streams up", "--parallel 4"),
    UDP("UDP at overload, full packets up", "--udp --bitrate 0 --length %2$d"),
    SMALL_UDP("UDP at overload, 64 B up", "--udp --bitrate 0 --length 64"),
    IDLE("RTT, idle", ""),
    LOADED("RTT, beside a TCP stream up", "");

    /** Between the parts of what a measurement prints. */
    static final String MARK = "----sluice----";

    /** What a flood of datagrams before has left on its way would be taken for the beginning of this one. */
    private static final String DRAINED = "sleep 1\n";

    private static final int IP_AND_UDP = 28;
    private static final double PINGS_PER_SECOND = 50;
    private static final Pattern AVERAGE = Pattern.compile("= [0-9.]+/([0-9.]+)/");

    private final String text;
    private final String options;

    TunnelCell(String text, String options) {
        this.text = text;
        this.options = options;
    }

    String text() {
        return text;
    }

    /** Whether the figure is a time, in milliseconds; else it is megabits a second, as received. */
    boolean isTime() {
        return this == IDLE || this == LOADED;
    }

    /** The programs that the measurement runs on the client. */
    String script(String target, int seconds, int mtu) {
        String pings = String.format(
                Locale.ROOT,
                "ping -q -i %.3f -c %.0f %s || true",
                1 / PINGS_PER_SECOND,
                seconds * PINGS_PER_SECOND,
                target);
        return switch (this) {
            case IDLE -> pings;
            case LOADED -> transfer(target, seconds + 2, "") + " > /dev/null & sleep 1\n" + pings + "\nwait";
            default ->
                DRAINED + transfer(target, seconds, String.format(Locale.ROOT, options, 0, mtu - IP_AND_UDP))
                        + " || true";
        };
    }

    /**
     * What a measurement found.
     *
     * @param output what its script printed
     * @param useBefore what the pair's processes had used until then, and {@code useAfter}
     */
    TunnelSample parse(TunnelPair pair, String output, ProcessUse useBefore, ProcessUse useAfter) {
        double cpuSeconds = useAfter.cpuSeconds() - useBefore.cpuSeconds();
        if (isTime()) {
            Matcher average = AVERAGE.matcher(output);
            if (!average.find()) {
                throw new BenchmarkFailedException("ping through " + pair.name() + " said: " + output);
            }
            return new TunnelSample(
                    Double.parseDouble(average.group(1)), Double.NaN, useAfter.residentMebibytes(), Double.NaN);
        }
        JsonNode received = end(pair, output).path("sum_received");
        double bytes = received.path("bytes").asDouble();
        return new TunnelSample(
                received.path("bits_per_second").asDouble() / 1e6,
                cpuSeconds / (bytes / 1e9),
                useAfter.residentMebibytes(),
                (useAfter.allocatedBytes() - useBefore.allocatedBytes()) / bytes);
    }

    static List<TunnelCell> all() {
        return List.of(values());
    }

    private static String transfer(String target, int seconds, String options) {
        return String.format(
                Locale.ROOT,
                "iperf3 --client %s %s --time %d --json %s",
                target,
                options.contains("--udp") ? "" : "--congestion cubic",
                seconds,
                options);
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
