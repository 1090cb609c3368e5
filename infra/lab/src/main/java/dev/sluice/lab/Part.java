package dev.sluice.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A program that runs on a host of the lab until it is stopped; what it writes goes to the host's log. */
public final class Part {
    private static final int SECONDS_TO_STOP = 15;

    private final String host;
    private final Supplier<List<String>> command;
    private final Supplier<Map<String, String>> environment;
    private @Nullable Process process;

    /** A program that is not running yet; its command and environment are asked for at each start. */
    public Part(String host, Supplier<List<String>> command, Supplier<Map<String, String>> environment) {
        this.host = host;
        this.command = command;
        this.environment = environment;
    }

    /** Starts the program unless it runs. */
    public synchronized void start() {
        if (isRunning()) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(Program.on(host, command.get()));
        builder.environment().putAll(environment.get());
        Path log = HostLog.file(host);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new LabException("cannot start " + builder.command(), e);
        }
    }

    /** Asks the program to stop (SIGTERM) and waits for it; one that does not stop is a failure, and is killed. */
    public synchronized void stop() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            if (!running.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                running.destroyForcibly();
                throw new LabException(
                        "what runs on " + host + " did not stop within " + SECONDS_TO_STOP + " s of SIGTERM");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted");
        } finally {
            process = null;
        }
    }

    /** Kills the program (SIGKILL) and waits until it is gone. */
    public synchronized void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            running.onExit().join();
            process = null;
        }
    }

    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }
}
