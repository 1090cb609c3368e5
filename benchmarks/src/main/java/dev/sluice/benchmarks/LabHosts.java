package dev.sluice.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The lab, by the commands that anyone would type. */
final class LabHosts {
    static final String CLIENT = "client";
    static final String GATEWAY = "gateway";
    static final String RESOURCE = "resource";

    private final Path launcher;
    private final Map<String, String> environment;

    private LabHosts(Path launcher, Map<String, String> environment) {
        this.launcher = launcher;
        this.environment = environment;
    }

    /** The lab of the tree that this class was built in. */
    static LabHosts ofThisTree() {
        Path root = Report.defaultDirectory().resolve("../..").normalize();
        Path launcher = root.resolve("sluice");
        if (!Files.isExecutable(launcher)) {
            throw new BenchmarkFailedException("there is no ./sluice in " + root + ": start this through it");
        }
        return new LabHosts(launcher, Map.of());
    }

    /** The same with a setting for all that is started in it. */
    LabHosts with(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return new LabHosts(launcher, more);
    }

    boolean isUp() {
        return run(List.of("lab", "status"), ProcessBuilder.Redirect.DISCARD).succeeded();
    }

    void up() {
        require(List.of("lab", "up"));
    }

    void down() {
        require(List.of("lab", "down"));
    }

    /** Runs a scenario, in a lab of its own if none is up, and returns the line that says what it found. */
    String scenario(String name) {
        return require(List.of("lab", "scenario", name))
                .lines()
                .filter(line -> line.contains(" " + name + " "))
                .findFirst()
                .orElseThrow(() -> new BenchmarkFailedException("the scenario " + name + " says nothing"));
    }

    /** Runs a shell script on a host, and returns what it prints. */
    String script(String host, String script) {
        return require(List.of("lab", "exec", host, "--", "sh", "-ec", script));
    }

    /** The process of the lab whose command line contains {@code text}. */
    long process(String text) {
        String found = script(CLIENT, String.format(Locale.ROOT, """
                for process in /proc/[0-9]*; do
                  [ "${process#/proc/}" != $$ ] || continue
                  case "$({ tr '\\0' ' ' < $process/cmdline; } 2>/dev/null)" in
                    "sh -ec"*|"env "*|nsenter*) ;;
                    *'%s'*) echo ${process#/proc/};;
                  esac
                done
                """, text));
        return found.lines()
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow(() -> new BenchmarkFailedException("in the lab runs no process of " + text));
    }

    Path launcher() {
        return launcher;
    }

    /** Copies a program to where the lab's hosts see it: they share this tree, and not all of this machine's files. */
    Path inTree(Path program) {
        Path copy = launcher.resolveSibling("target").resolve(program.getFileName());
        try {
            return Files.copy(program, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new BenchmarkFailedException("cannot copy " + program + " to " + copy, e);
        }
    }

    private String require(List<String> arguments) {
        Ended ended = run(arguments, ProcessBuilder.Redirect.INHERIT);
        if (!ended.succeeded()) {
            throw new BenchmarkFailedException(
                    "./sluice " + String.join(" ", arguments) + " failed: " + ended.output.strip());
        }
        return ended.output;
    }

    private Ended run(List<String> arguments, ProcessBuilder.Redirect errors) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(arguments);
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectError(errors)
                    .redirectInput(Path.of("/dev/null").toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), output);
        } catch (IOException e) {
            throw new BenchmarkFailedException("cannot run " + launcher, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("interrupted", e);
        }
    }

    private record Ended(int code, String output) {
        boolean succeeded() {
            return code == 0;
        }
    }
}
