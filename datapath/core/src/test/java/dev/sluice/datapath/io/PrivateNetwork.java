package dev.sluice.datapath.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A network namespace of a test's own. One thread lives in it; the threads, sockets and processes that it starts are
 * born there too, and with the last of them the namespace is gone.
 */
public final class PrivateNetwork implements AutoCloseable {
    private Thread inhabitant;
    private static final int CLONE_NEWNET = 0x40000000;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("private-network").factory());

    /** Skips the test where no namespace may be made: as an ordinary user outside of a user namespace. */
    public static PrivateNetwork create() throws Exception {
        PrivateNetwork network = new PrivateNetwork();
        boolean made = network.run(() -> {
            network.inhabitant = Thread.currentThread();
            return unshare() == 0;
        });
        if (!made) {
            network.close();
        }
        assumeTrue(made, "needs CAP_SYS_ADMIN to make a network namespace");
        network.ip("link set lo up");
        return network;
    }

    /** A step of a test. */
    public interface Step<T> {
        T run() throws Exception;
    }

    /** Runs a step inside; its failure is the test's. */
    public <T> T run(Step<T> step) throws Exception {
        if (Thread.currentThread() == inhabitant) {
            return step.run();
        }
        try {
            return thread.submit(step::run).get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case Exception cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw failed;
            }
        }
    }

    /** What {@code ip} prints, with failures failing the test. */
    public String ip(String arguments) throws Exception {
        return command("ip " + arguments);
    }

    /** What a command prints, standard error included. */
    public String command(String line) throws Exception {
        return run(() -> {
            Process process = new ProcessBuilder("sh", "-c", line)
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(line + ": " + output).isZero();
            return output;
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private static int unshare() throws Exception {
        Linker linker = Linker.nativeLinker();
        try {
            return (int) linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("unshare"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                    .invokeExact(CLONE_NEWNET);
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }
}
