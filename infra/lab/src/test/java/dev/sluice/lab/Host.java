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
        for (String kind : List.of("shm", "sem", "msg")) {
            objects(Path.of("/proc/sysvipc", kind)).forEach(object -> all.add(kind + ": " + object));
        }
        return all;
    }

    /** Key and id of each object; the other columns change while it is used. */
    private static List<String> objects(Path table) throws IOException {
        return Files.readAllLines(table).stream()
                .skip(1)
                .map(line ->
                        String.join(" ", List.of(line.strip().split("\\s+")).subList(0, 2)))
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
