package dev.sluice.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What this machine has that a lab could have left behind. */
final class Host {
    private Host() {}

    /** Links, rules, named namespaces, forwarding options, SysV IPC objects and mounts. */
    static Map<String, String> snapshot() throws IOException {
        Map<String, String> all = new TreeMap<>();
        for (List<String> command : List.of(
                List.of("ip", "-oneline", "link", "show"),
                List.of("ip", "-4", "rule", "show"),
                List.of("ip", "-6", "rule", "show"),
                List.of("ip", "netns", "list"))) {
            Program.Result result = Program.run(command, "", Duration.ofSeconds(10));
            all.put(String.join(" ", command), result.output());
        }
        for (String file : List.of(
                "sys/net/ipv4/ip_forward",
                "sys/net/ipv4/conf/all/rp_filter",
                "sys/net/ipv4/conf/default/rp_filter",
                "sys/net/ipv6/conf/all/forwarding",
                "sys/net/ipv6/conf/default/accept_dad",
                "sys/net/core/rmem_max",
                "sysvipc/shm",
                "sysvipc/sem",
                "sysvipc/msg")) {
            Path path = Path.of("/proc", file);
            all.put(file, Files.exists(path) ? Files.readString(path) : "");
        }
        return all;
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
