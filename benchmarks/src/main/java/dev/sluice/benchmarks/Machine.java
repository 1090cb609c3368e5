package dev.sluice.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where and how something was measured. Figures without this say nothing.
 *
 * @param command what to type to measure it again
 */
record Machine(Instant date, String command, String processor, int cores, String memory, String kernel, String jdk) {
    static Machine current(String command) {
        return new Machine(
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                command,
                field("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                gibibytes(field("/proc/meminfo", "MemTotal")),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version"));
    }

    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("date", date.toString());
        fields.put("command", command);
        fields.put("processor", processor);
        fields.put("cores", cores);
        fields.put("memory", memory);
        fields.put("kernel", kernel);
        fields.put("jdk", jdk);
        return fields;
    }

    private static String gibibytes(String kibibytes) {
        String digits = kibibytes.replaceAll("\\D", "");
        return digits.isEmpty() ? kibibytes : Math.round(Long.parseLong(digits) / 1048576.0) + " GiB";
    }

    private static String field(String file, String name) {
        try {
            List<String> lines = Files.readAllLines(Path.of(file));
            for (String line : lines) {
                if (line.startsWith(name)) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        } catch (IOException _) {
            return "unknown";
        }
        return "unknown";
    }
}
