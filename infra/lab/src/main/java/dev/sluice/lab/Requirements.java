package dev.sluice.lab;

import dev.sluice.lab.scenario.Requirement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Installs what a command needs where that is allowed, or says what to install, before the command starts. */
final class Requirements {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private Requirements() {}

    static void ensure(List<Requirement> requirements) {
        List<String> missing = requirements.stream()
                .filter(requirement -> !isInstalled(requirement.command()))
                .map(Requirement::packageName)
                .distinct()
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        // The recommended packages would bring a kernel along.
        List<String> install = new ArrayList<>(List.of("apt-get", "install", "--yes", "--no-install-recommends"));
        install.addAll(missing);
        if (!"root".equals(System.getProperty("user.name")) || !isInstalled("apt-get")) {
            throw new LabException("needs " + String.join(" and ", missing) + ": sudo " + String.join(" ", install));
        }
        System.err.println("sluice: installing " + String.join(", ", missing));
        Program.Result result = Program.run(install, "", PATIENCE);
        if (!result.succeeded()) {
            Program.run(List.of("apt-get", "update"), "", PATIENCE);
            Program.Result again = Program.run(install, "", PATIENCE);
            if (!again.succeeded()) {
                throw new LabException(
                        String.join(" ", install) + " failed: " + again.errors().strip());
            }
        }
    }

    private static boolean isInstalled(String command) {
        String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        return Arrays.stream(path.split(":")).anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
    }
}
