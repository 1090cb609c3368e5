package dev.sluice.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that runs to its end. */
public final class Program {

    /** How it ended and what it wrote. */
    public record Result(int code, String output, String errors) {
        /** True when it ended with 0. */
        public boolean succeeded() {
            return code == 0;
        }
    }

    private Program() {}

    /** Runs {@code command} with {@code input}; a program that outlives {@code limit} is killed and reported as code 124. */
    static Result run(List<String> command, String input, Duration limit) {
        return run(command, input, limit, Map.of());
    }

    /** The same with variables beside those that are there. */
    static Result run(List<String> command, String input, Duration limit, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        try {
            return finish(builder.start(), input, limit);
        } catch (IOException e) {
            throw new LabException("cannot run " + command.getFirst(), e);
        }
    }

    /** Waits for {@code process} as {@link #run} does. */
    static Result finish(Process process, String input, Duration limit) {
        StringBuilder output = new StringBuilder();
        StringBuilder errors = new StringBuilder();
        Thread first = Thread.startVirtualThread(() -> drain(process.getInputStream(), output));
        Thread second = Thread.startVirtualThread(() -> drain(process.getErrorStream(), errors));
        try {
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It ended without reading; how it ended is what the caller learns.
                errors.append("");
            }
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            first.join();
            second.join();
            return new Result(ended ? process.exitValue() : 124, output.toString(), errors.toString());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new LabException("interrupted");
        }
    }

    /** Runs {@code command} and fails with what it wrote unless it ends with 0. */
    static String require(List<String> command, String input) {
        Result result = run(command, input, Duration.ofSeconds(30));
        if (!result.succeeded()) {
            throw new LabException(String.join(" ", command) + " failed: "
                    + result.errors().strip() + " " + result.output().strip());
        }
        return result.output();
    }

    /** {@code command} as it runs inside the network of {@code host}. */
    static List<String> on(String host, List<String> command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + Namespace.path(host), "--"));
        all.addAll(command);
        return all;
    }

    private static void drain(InputStream from, StringBuilder into) {
        try (from) {
            into.append(new String(from.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            into.append(e.getMessage());
        }
    }
}
