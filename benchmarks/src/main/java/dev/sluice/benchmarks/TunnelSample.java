package dev.sluice.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * One measurement of one tunnel, with what its two processes spent on it.
 *
 * @param figure megabits a second as received, or milliseconds
 * @param cpuSecondsPerGigabyte of user and kernel time of both ends, per 10⁹ bytes received; NaN where a time was measured
 * @param mebibytes of memory that both ends hold at the end
 * @param allocatedPerByte bytes that both ends' threads allocate for each byte received; 0 of those that are no JVM
 */
record TunnelSample(double figure, double cpuSecondsPerGigabyte, double mebibytes, double allocatedPerByte) {

    static TunnelSample run(LabHosts lab, TunnelPair pair, TunnelCell cell, int seconds, int mtu) {
        List<Long> processes = List.of(lab.process(pair.clientProcess()), lab.process(pair.gatewayProcess()));
        String allocation = pair.runsOnJvm() ? ProcessUse.allocationScript(processes) : "true";
        String use = ProcessUse.script(processes);
        String mark = "echo " + TunnelCell.MARK;
        String output = lab.script(
                LabHosts.CLIENT,
                String.join(
                        "\n", allocation, use, mark, cell.script(pair.target(), seconds, mtu), mark, use, allocation));
        String[] parts = output.split(TunnelCell.MARK, -1);
        return cell.parse(pair, parts[1], ProcessUse.parse(parts[0]), ProcessUse.parse(parts[2]));
    }

    /** For the line that says how far a measurement is. */
    String text(TunnelCell cell) {
        return String.format(Locale.ROOT, cell.isTime() ? "%.3f ms" : "%.0f Mbit/s", figure);
    }

    /** Starts a server for transfers on the resource's host, and returns its process. */
    static long startServer(LabHosts lab) {
        lab.script(LabHosts.RESOURCE, "iperf3 --server --daemon");
        return lab.process("iperf3 --server");
    }

    static void stopServer(LabHosts lab, long process) {
        lab.script(LabHosts.RESOURCE, "kill " + process);
    }
}
