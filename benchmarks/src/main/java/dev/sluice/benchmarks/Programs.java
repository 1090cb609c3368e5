package dev.sluice.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Programs that a benchmark needs and a bare machine lacks. */
final class Programs {
    private Programs() {}

    /**
     * Makes sure that programs are there: installs their Debian packages where that is possible.
     *
     * @param packages by program
     */
    static void require(Map<String, String> packages) {
        List<String> missing = packages.entrySet().stream()
                .filter(entry -> !isOnPath(entry.getKey()))
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        String install = "apt-get install --yes --no-install-recommends " + String.join(" ", missing);
        if (!isOnPath("apt-get") || !"root".equals(System.getProperty("user.name"))) {
            throw new BenchmarkFailedException("needs " + String.join(", ", missing) + ": as root, " + install);
        }
        System.err.println("sluice: " + install);
        run(List.of("apt-get", "update", "--quiet"));
        run(Arrays.asList(install.split(" ")));
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream((path + ":/usr/sbin:/sbin").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static void run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (process.waitFor() != 0) {
                throw new BenchmarkFailedException(String.join(" ", command) + " failed: run it by hand to see why");
            }
        } catch (IOException e) {
            throw new BenchmarkFailedException("cannot run " + command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("interrupted", e);
        }
    }
}
