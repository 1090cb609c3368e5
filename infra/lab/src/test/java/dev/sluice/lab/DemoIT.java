package dev.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The demo from the built tree, as root and as an ordinary user, and what is left of it afterwards: nothing. Its temporary
 * directories are mounts of its own, so that other programs on the machine cannot disturb the comparison.
 */
class DemoIT {
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final Duration DEATH = Duration.ofSeconds(10);

    /** Runs a command and fails when it has left a file in a temporary directory. */
    private static final String CHECKED = """
            for place in /tmp /run /dev/shm; do mount --no-mtab -t tmpfs -o mode=1777 check $place; done
            "$@"; code=$?
            left=$(find /tmp /run /dev/shm -mindepth 1)
            [ -z "$left" ] || { echo "left behind: $left"; exit 99; }
            exit $code
            """;

    /** As {@link #CHECKED}, by an ordinary user on a machine where everybody may open the TUN device. */
    private static final String CHECKED_AS_NOBODY = """
            mount --no-mtab -t tmpfs -o mode=755 check /dev/net
            mknod -m 666 /dev/net/tun c 10 200
            set -- setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
            """ + CHECKED;

    private static Path directory;
    private static BuiltTree tree;

    private final String mark = "SLUICE_TEST_MARK=" + UUID.randomUUID();
    private Set<String> before;

    @BeforeAll
    static void copyTree() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "both users can be tried by root alone");
        // Not below a directory that the test hides.
        directory = Files.createTempDirectory(Path.of("/var/tmp"), "sluice-test-");
        tree = BuiltTree.copy(directory);
        Files.createDirectories(directory.resolve("root"));
        Files.createDirectories(directory.resolve("nobody"));
        assertThat(run(List.of(
                        "chown",
                        "-R",
                        "65534:65534",
                        directory.resolve("nobody").toString())))
                .isZero();
        assertThat(run(List.of("chmod", "755", directory.toString()))).isZero();
    }

    @AfterAll
    static void removeTree() throws Exception {
        if (directory != null) {
            run(List.of("rm", "-rf", directory.toString()));
        }
    }

    @BeforeEach
    void look() throws IOException {
        before = Host.snapshot();
    }

    @Test
    void shouldTellTheStoryAsRootAndLeaveNothingBehind() throws Exception {
        Process demo = start(CHECKED, "root");

        String output = output(demo);

        assertThat(demo.exitValue()).as(output).isZero();
        assertThat(output).contains("seen in clear: 0");
        assertThatNothingIsLeft();
    }

    @Test
    void shouldTellTheStoryAsOrdinaryUserAndLeaveNothingBehind() throws Exception {
        Process demo = start(CHECKED_AS_NOBODY, "nobody");

        String output = output(demo);

        assertThat(demo.exitValue()).as(output).isZero();
        assertThat(output).contains("seen in clear: 0");
        assertThatNothingIsLeft();
    }

    @Test
    void shouldDieWholeWhenTheLauncherIsKilled() throws Exception {
        Process demo = startAndAwaitTunnel();

        descendant(demo, "dev.sluice.lab.Main demo").destroyForcibly();

        assertThatNothingIsLeft();
    }

    @Test
    void shouldDieWholeWhenTheHolderIsKilled() throws Exception {
        Process demo = startAndAwaitTunnel();

        descendant(demo, "dev.sluice.lab.Main holder").destroyForcibly();

        assertThatNothingIsLeft();
    }

    @Test
    void shouldDieWholeAtControlC() throws Exception {
        Process demo = startAndAwaitTunnel();

        run(List.of(
                "kill",
                "-INT",
                Long.toString(descendant(demo, "dev.sluice.lab.Main demo").pid())));

        assertThatNothingIsLeft();
    }

    private Process startAndAwaitTunnel() throws Exception {
        Process demo = start("exec \"$@\"", "root");
        BufferedReader lines = demo.inputReader(StandardCharsets.UTF_8);
        String line = lines.readLine();
        while (line != null && !line.startsWith("3.")) {
            line = lines.readLine();
        }
        assertThat(line).as("the demo has come to its third step").isNotNull();
        return demo;
    }

    private Process start(String script, String home) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                "unshare",
                "--mount",
                "bash",
                "-c",
                script,
                "check",
                tree.root().resolve("sluice").toString(),
                "demo");
        String[] pair = mark.split("=");
        builder.environment().put(pair[0], pair[1]);
        builder.environment().put("HOME", directory.resolve(home).toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().keySet().removeIf(name -> name.startsWith("XDG_"));
        return builder.redirectErrorStream(true).start();
    }

    private static String output(Process process) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(output)
                .isTrue();
        return output;
    }

    private static ProcessHandle descendant(Process process, String command) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .filter(handle -> handle.info()
                        .commandLine()
                        .map(line -> line.contains(command))
                        .orElse(false))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private void assertThatNothingIsLeft() throws Exception {
        long end = System.nanoTime() + DEATH.toNanos();
        while (!Host.processesMarked(mark).isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(DEATH.toNanos() / 100);
        }
        assertThat(Host.processesMarked(mark)).isEmpty();
        // What other programs have taken away meanwhile is no concern of the lab's.
        assertThat(before).containsAll(Host.snapshot());
    }

    private static int run(List<String> command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
