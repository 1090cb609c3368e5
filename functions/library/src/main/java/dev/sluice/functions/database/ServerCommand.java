package dev.sluice.functions.database;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs the server's programs. They refuse to run as root, also as the root of a user namespace, so that they then run in a
 * user namespace of their own that maps nobody: there they are not root, and own the same files as before.
 */
final class ServerCommand {
    private final Path home;

    ServerCommand(Path home) {
        this.home = home;
    }

    /**
     * Runs {@code program} to its end and returns what it printed.
     *
     * @throws ServerCommandException when it exits with another code than 0
     */
    String run(String program, String... arguments) throws IOException, InterruptedException, ServerCommandException {
        List<String> command = new ArrayList<>();
        if (new UnixSystem().getUid() == 0) {
            command.addAll(List.of("unshare", "--user", "--"));
        }
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int code = process.waitFor();
        if (code != 0) {
            throw new ServerCommandException(program, code, output);
        }
        return output;
    }
}
