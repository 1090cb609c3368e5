package dev.sluice.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What this machine has that a lab could have left behind. */
final class Host {
    private Host() {}

    /** Links, rules, named namespaces, forwarding options and SysV IPC objects, one a line. */
    static Set<String> snapshot() throws IOException {
        Set<String> all = new TreeSet<>();
        for (List<String> command : List.of(
                List.of("ip", "-oneline", "link", "show"),
                List.of("ip", "-4", "rule", "show"),
                List.of("ip", "-6", "rule", "show"),
                List.of("ip", "netns", "list"))) {
            Program.Result result = Program.run(command, "", Duration.ofSeconds(10));
            result.output()
                    .lines()
                    .map(line -> String.join(" ", command) + ": " + line)
                    .forEach(all::add);
        }
        for (String file : List.of(
                "sys/net/ipv4/ip_forward",
                "sys/net/ipv4/conf/all/rp_filter",
                "sys/net/ipv4/conf/default/rp_filter",
                "sys/net/ipv6/conf/all/forwarding",
                "sys/net/ipv6/conf/default/accept_dad",
                "sys/net/core/rmem_max")) {
            Path path = Path.of("/proc", file);
            all.add(file + ": " + (Files.exists(path) ? Files.readString(path).strip() : ""));
        }
        sharedMemory().forEach(object -> all.add("shm: " + object));
        for (String kind : List.of("sem", "msg")) {
            table(kind).forEach(columns -> all.add(kind + ": " + columns.get(0) + " " + columns.get(1)));
        }
        return all;
    }

    /**
     * Key and id of each segment; the other columns change while it is used. One whose creator lives is another program's:
     * of the lab nothing lives any more by the time that counts.
     */
    private static List<String> sharedMemory() throws IOException {
        return table("shm").stream()
                .filter(columns ->
                        ProcessHandle.of(Long.parseLong(columns.get(4))).isEmpty())
                .map(columns -> columns.get(0) + " " + columns.get(1))
                .toList();
    }

    private static List<List<String>> table(String kind) throws IOException {
        return Files.readAllLines(Path.of("/proc/sysvipc", kind)).stream()
                .skip(1)
                .map(line -> List.of(line.strip().split("\\s+")))
                .toList();
    }

    /** The processes that bear {@code mark} in their environment. */
    static List<String> processesMarked(String mark) throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> process.getFileName().toString().chars().allMatch(Character::isDigit))
                    .filter(process -> read(process.resolve("environ")).contains(mark))
                    .map(process -> process.getFileName() + " "
                            + read(process.resolve("cmdline")).replace('\0', ' '))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }
}
