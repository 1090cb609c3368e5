package dev.sluice.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A lab that runs, seen from outside.
 *
 * @param pid the first process of the lab, as the host numbers it
 * @param born when that process started, in the kernel's ticks since boot: tells it from a later process of the same number
 * @param since when, for people
 * @param command what started it, for people
 */
record HeldLab(long pid, String born, String since, String command) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The lab of this user, if it runs. */
    static Optional<HeldLab> find() {
        Path state = Place.state();
        if (!Files.exists(state)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(state)) {
            properties.load(in);
        } catch (IOException e) {
            throw new LabException("cannot read " + state, e);
        }
        String pid = properties.getProperty("pid", "");
        String born = properties.getProperty("born", "");
        return pid.isEmpty() || !born.equals(born(Long.parseLong(pid)))
                ? Optional.empty()
                : Optional.of(new HeldLab(
                        Long.parseLong(pid),
                        born,
                        properties.getProperty("since", "?"),
                        properties.getProperty("command", "?")));
    }

    /** When process {@code pid} started, empty when there is none. */
    static String born(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
        } catch (IOException e) {
            return "";
        }
    }

    /** Writes down that this lab runs. The file's lock, which the lab's own processes hold, says for how long that is true. */
    void record() {
        try {
            Files.writeString(
                    Place.state(),
                    String.format(Locale.ROOT, "pid=%d%nborn=%s%nsince=%s%ncommand=%s%n", pid, born, since, command));
        } catch (IOException e) {
            throw new LabException("cannot write " + Place.state(), e);
        }
    }

    /** Carries out a command in the lab, printing what it prints, and returns its exit code. */
    int run(List<String> arguments, PrintWriter out) {
        Path control = Path.of("/proc", Long.toString(pid), "root")
                .resolve(Place.CONTROL.toString().substring(1));
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(control));
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(Channels.newInputStream(connection), StandardCharsets.UTF_8))) {
            connection.write(
                    ByteBuffer.wrap((JSON.writeValueAsString(arguments) + "\n").getBytes(StandardCharsets.UTF_8)));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.charAt(0) == ControlServer.END) {
                    return Integer.parseInt(line.substring(1));
                }
                out.println(line.substring(1));
            }
            throw new LabException("the lab ended before the command did");
        } catch (IOException e) {
            throw new LabException("the lab (process " + pid + ") does not answer", e);
        }
    }

    /** The command line that runs {@code command} inside the lab's namespaces. */
    List<String> enter(List<String> command) {
        boolean root = "root".equals(System.getProperty("user.name"));
        return Stream.of(
                        List.of("nsenter", "--target", Long.toString(pid), "--mount", "--net", "--pid", "--ipc"),
                        root ? List.<String>of() : List.of("--user", "--preserve-credentials"),
                        List.of("--wd=" + Place.tree(), "--"),
                        command)
                .flatMap(List::stream)
                .toList();
    }

    /** Ends the lab and everything in it; returns once nothing of it is left. */
    void end() {
        ProcessHandle.of(pid).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }
}
