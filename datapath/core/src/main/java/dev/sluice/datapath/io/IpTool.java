package dev.sluice.datapath.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** iproute2's {@code ip}: many commands a call, and what the host has as JSON. */
final class IpTool {
    /** An {@code ip} command of one family. A removal may fail: what is gone is gone. */
    record Command(String text, boolean mayFail) {
        static Command set(String text) {
            return new Command(text, false);
        }

        static Command attempt(String text) {
            return new Command(text, true);
        }
    }

    private static final Pattern FAILED = Pattern.compile("Command failed -:(\\d+)");

    private final ObjectMapper json = new ObjectMapper();

    /**
     * Runs all commands, in order, past those that fail.
     *
     * @return what failed and must not
     */
    Optional<String> run(int family, List<Command> commands) throws HostRoutesException {
        if (commands.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder batch = new StringBuilder();
        commands.forEach(command -> batch.append(command.text()).append('\n'));
        Result result = execute(List.of("ip", "-" + family, "-force", "-batch", "-"), batch.toString());
        return result.code() == 0 ? Optional.empty() : firstFailure(result.errors(), commands);
    }

    /** The answer of {@code ip -j … show}; empty where the table or device does not exist. */
    List<JsonNode> show(int family, String... arguments) throws HostRoutesException {
        List<String> line = new ArrayList<>(List.of("ip", "-" + family, "-j"));
        line.addAll(List.of(arguments));
        Result result = execute(line, "");
        if (result.code() != 0) {
            return List.of();
        }
        try {
            List<JsonNode> entries = new ArrayList<>();
            json.readTree(result.output().isBlank() ? "[]" : result.output()).forEach(entries::add);
            return entries;
        } catch (JsonProcessingException malformed) {
            throw new HostRoutesException("ip does not answer in JSON; iproute2 4.13 is the oldest that does");
        }
    }

    private static Optional<String> firstFailure(String errors, List<Command> commands) {
        String reason = "";
        for (String line : errors.lines().toList()) {
            Matcher failed = FAILED.matcher(line);
            if (!failed.matches()) {
                reason = line.strip();
                continue;
            }
            Command command = commands.get(Integer.parseInt(failed.group(1)) - 1);
            if (!command.mayFail()) {
                return Optional.of("ip " + command.text() + ": " + reason);
            }
        }
        return Optional.empty();
    }

    private record Result(int code, String output, String errors) {}

    private static Result execute(List<String> line, String input) throws HostRoutesException {
        try {
            Process process = new ProcessBuilder(line).start();
            Thread writer = Thread.ofVirtual().start(() -> write(process, input));
            StringBuilder errors = new StringBuilder();
            Thread reader = Thread.ofVirtual().start(() -> errors.append(read(process)));
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            writer.join();
            reader.join();
            return new Result(process.waitFor(), output, errors.toString());
        } catch (IOException missing) {
            throw new HostRoutesException(
                    "cannot run ip (" + missing.getMessage() + "); install iproute2 (apt-get install iproute2)");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new HostRoutesException("interrupted while setting routes");
        }
    }

    private static void write(Process process, String input) {
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ended) {
            // its exit code and messages say more than a broken pipe
        }
    }

    private static String read(Process process) {
        try {
            return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
