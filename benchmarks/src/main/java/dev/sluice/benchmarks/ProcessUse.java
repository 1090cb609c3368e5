package dev.sluice.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What processes of the lab have used since they started, together.
 *
 * @param cpuSeconds of user and kernel time
 * @param allocatedBytes by all threads of those that are JVMs
 * @param residentMebibytes of memory that they hold
 */
record ProcessUse(double cpuSeconds, double allocatedBytes, double residentMebibytes) {
    private static final double TICKS_PER_SECOND = 100;
    private static final Pattern COMPILER = Pattern.compile("\\(C[12] Compiler");
    private static final Pattern ALLOCATED = Pattern.compile(" allocated=([0-9.]+)([BKMG]) ");

    /** User and kernel time of a process of this host until now. */
    static double cpuSeconds(long process) {
        return ticks(stat(process)) / TICKS_PER_SECOND;
    }

    /** As {@link #cpuSeconds}, with all its children, those that have ended too. */
    static double treeCpuSeconds(long process) {
        String stat = stat(process);
        long ended = Long.parseLong(field(stat, 13)) + Long.parseLong(field(stat, 14));
        return (ticks(stat) + ended) / TICKS_PER_SECOND
                + ProcessHandle.of(process).stream()
                        .flatMap(ProcessHandle::children)
                        .mapToDouble(child -> cpuSeconds(child.pid()))
                        .sum();
    }

    /** User and kernel time until now of a JVM's threads that compile. */
    static double compilerCpuSeconds(long process) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process), "task"))) {
            return threads.map(thread -> stat(thread.resolve("stat")))
                            .filter(stat -> COMPILER.matcher(stat).find())
                            .mapToLong(ProcessUse::ticks)
                            .sum()
                    / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new BenchmarkFailedException("the threads of process " + process + " cannot be read", e);
        }
    }

    /** Shell commands whose output {@link #parse} reads. */
    static String script(List<Long> processes) {
        String stats = each(processes, "/proc/%d/stat");
        String states = each(processes, "/proc/%d/status");
        return "cat " + stats + "; grep -h VmRSS " + states;
    }

    /** As {@link #script}, of what the threads of JVMs have allocated; looking costs these some time of their own. */
    static String allocationScript(List<Long> processes) {
        return processes.stream()
                .map("\"$JAVA_HOME\"/bin/jcmd %d Thread.print -e | grep ' allocated='"::formatted)
                .collect(Collectors.joining("; "));
    }

    static ProcessUse parse(String output) {
        double ticks = 0;
        double allocated = 0;
        double kibibytes = 0;
        for (String line : output.lines().toList()) {
            Matcher allocation = ALLOCATED.matcher(line);
            if (allocation.find()) {
                allocated += Double.parseDouble(allocation.group(1)) * unit(allocation.group(2));
            } else if (line.startsWith("VmRSS")) {
                kibibytes += Double.parseDouble(line.replaceAll("\\D", ""));
            } else if (line.indexOf(") ") > 0) {
                ticks += ticks(line);
            }
        }
        return new ProcessUse(ticks / TICKS_PER_SECOND, allocated, kibibytes / 1024);
    }

    /** The 14th and 15th fields of proc(5)'s stat; the second may hold spaces and ends with a parenthesis. */
    private static long ticks(String stat) {
        return Long.parseLong(field(stat, 11)) + Long.parseLong(field(stat, 12));
    }

    /** Counted from the one after the parenthesis. */
    private static String field(String stat, int index) {
        return stat.substring(stat.lastIndexOf(") ") + 2).split(" ", -1)[index];
    }

    /** A process that has just ended has used nothing. */
    private static String stat(long process) {
        return stat(Path.of("/proc", Long.toString(process), "stat"));
    }

    private static String stat(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException _) {
            return ") Z" + " 0".repeat(20);
        }
    }

    private static double unit(String letter) {
        return switch (letter) {
            case "K" -> 1 << 10;
            case "M" -> 1 << 20;
            case "G" -> 1 << 30;
            default -> 1;
        };
    }

    private static String each(List<Long> processes, String file) {
        return processes.stream().map(file::formatted).collect(Collectors.joining(" "));
    }
}
