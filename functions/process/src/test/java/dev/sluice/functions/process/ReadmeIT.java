package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's ways from an empty account to the first reachable resource, as they stand there, by its own commands. */
class ReadmeIT {
    private static final Pattern BLOCK = Pattern.compile("```\\n(.*?)```", Pattern.DOTALL);

    /** Where jq is not installed: what the README asks of it, of objects as the API writes them. */
    private static final String JQ = """
            command -v jq >/dev/null || jq() { sed -E 's/.*[{,]"'"${2#.data.}"'":"([^"]*)".*/\\1/'; }
            """;

    @TempDir
    static Path directory;

    private static PortalProcess portal;

    @BeforeAll
    static void start() throws Exception {
        portal = new PortalProcess(directory.resolve(".local/share/sluice"))
                .with("STATIC_SEEDS", "false")
                .start();
        Path launcher = Files.createFile(
                directory.resolve("sluice"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(
                launcher, """
                #!/bin/sh
                shift
                exec '%s/bin/java' -XX:TieredStopAtLevel=1 -cp '%s' dev.sluice.functions.command.Main "$@"
                """.formatted(System.getProperty("java.home"), System.getProperty("java.class.path")));
    }

    @AfterAll
    static void stop() throws Exception {
        portal.close();
    }

    @Test
    void shouldLeadToAReachableResourceByRestAlone() throws Exception {
        run(way("api /policies"));

        assertThat(portal.run("access", "who", "Office", "--account", "acme").out())
                .contains("Grace", "grace@acme.example", "Engineering");
        assertThat(directory.resolve("gateway.token")).content().startsWith(".SFMyNTY.");
        assertThat(directory.resolve("client.token")).content().startsWith(".SFMyNTY.");
    }

    @Test
    void shouldLeadToAReachableResourceByTheCommandLineAlone() throws Exception {
        assertThat(run(way("./sluice portal policy create"))).contains("Grace", "grace@example.example", "Engineering");
        assertThat(directory.resolve("vienna.token")).content().startsWith(".SFMyNTY.");
        assertThat(directory.resolve("grace.token")).content().startsWith(".SFMyNTY.");
    }

    /** The commands of the README that have this among them, for this portal's ports. */
    private static String way(String part) throws IOException {
        var ways = BLOCK.matcher(Files.readString(Path.of("../../README.md")))
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains(part))
                .toList();
        assertThat(ways).hasSize(1);
        return ways.getFirst()
                .replace("13001", Integer.toString(portal.port("SLUICE_API_PORT")))
                .replace("13002", Integer.toString(portal.port("SLUICE_ADMIN_PORT")));
    }

    private static String run(String commands) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", JQ + commands);
        builder.environment().putAll(portal.environment());
        builder.environment().putAll(Map.of("HOME", directory.toString(), "SLUICE_ACCOUNT", ""));
        Process process =
                builder.directory(directory.toFile()).redirectErrorStream(true).start();
        List<String> said = process.inputReader().readAllLines();
        String output = said.stream().collect(Collectors.joining("\n"));
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
