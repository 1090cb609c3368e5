package dev.sluice.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts the lab's processes. */
final class Holder implements AutoCloseable {
    private static final int HELD = 75;

    private final Process process;
    private final HeldLab lab;

    private Holder(Process process, HeldLab lab) {
        this.process = process;
        this.lab = lab;
    }

    /** Starts a lab that lives until {@link HeldLab#end}. */
    static HeldLab startToStay(String command) {
        return start(command, List.of("--stay")).lab;
    }

    /** Starts a lab that dies with this process or at {@link #close}. */
    static Holder start(String command) {
        Holder holder = start(command, List.of());
        Runtime.getRuntime().addShutdownHook(new Thread(holder::close));
        return holder;
    }

    HeldLab lab() {
        return lab;
    }

    @Override
    public void close() {
        try {
            // The end of its input is the end of the lab; killing it is for the case that it does not notice.
            process.getOutputStream().close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                lab.end();
            }
        } catch (IOException e) {
            lab.end();
        } catch (InterruptedException e) {
            lab.end();
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(BufferedReader errors) {
        try (errors) {
            errors.lines().forEach(System.err::println);
        } catch (IOException | UncheckedIOException e) {
            System.err.println("the lab: " + e.getMessage());
        }
    }

    private static Holder start(String command, List<String> options) {
        checkDevices();
        try {
            Process process = new ProcessBuilder(command(options)).start();
            Thread errors = Thread.ofVirtual().start(() -> copy(process.errorReader(StandardCharsets.UTF_8)));
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            String line = output.readLine();
            if (!HolderCommand.READY.equals(line)) {
                errors.join();
                throw notStarted(process.waitFor());
            }
            // The process that was started is the one that waits; the lab's first process is its only child.
            long pid = process.children().findFirst().orElseThrow().pid();
            HeldLab lab = new HeldLab(
                    pid,
                    HeldLab.born(pid),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    command);
            lab.record();
            return new Holder(process, lab);
        } catch (IOException e) {
            throw new LabException("cannot start the lab", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted");
        }
    }

    private static LabException notStarted(int code) {
        if (code == HELD) {
            return new LabException(HeldLab.find()
                    .map(lab -> "the lab is taken: './sluice " + lab.command() + "' holds it since " + lab.since()
                            + " (process " + lab.pid() + "); './sluice lab down' ends it")
                    .orElse("the lab is taken: another command is just starting it (" + Place.state() + ")"));
        }
        String remedy = "root".equals(System.getProperty("user.name"))
                ? ""
                : ". An ordinary user needs a kernel that allows user namespaces: sysctl user.max_user_namespaces, and"
                        + " where they exist kernel.unprivileged_userns_clone=1 and"
                        + " kernel.apparmor_restrict_unprivileged_userns=0";
        return new LabException("the lab did not start (code " + code + ")" + remedy);
    }

    private static void checkDevices() {
        Path tun = Path.of("/dev/net/tun");
        if (!Files.isReadable(tun) || !Files.isWritable(tun)) {
            throw new LabException(
                    Files.exists(tun)
                            ? tun
                                    + " may not be opened by this user. Either run this as root, or let everybody open it,"
                                    + " as most distributions do: sudo chmod 0666 " + tun
                            : tun + " does not exist: load the kernel's module (sudo modprobe tun)");
        }
    }

    private static List<String> command(List<String> options) {
        List<String> command = new ArrayList<>(
                List.of("setsid", Place.tree().resolve("infra/lab/holder").toString()));
        command.add(Place.state().toString());
        command.addAll(keptDirectories());
        command.add("--");
        command.addAll(SelfCommand.of("holder", options));
        return command;
    }

    /** What the lab must see of the host even where it lies below a directory that the lab hides. */
    private static List<String> keptDirectories() {
        return Stream.of(
                        Optional.of(Place.tree().toString()),
                        Optional.of(System.getProperty("java.home")),
                        Optional.ofNullable(System.getenv("HOME")),
                        Optional.ofNullable(System.getenv("XDG_CACHE_HOME")),
                        Place.previousTree().map(Path::toString))
                .flatMap(Optional::stream)
                .toList();
    }
}
