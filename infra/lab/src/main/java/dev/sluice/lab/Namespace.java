package dev.sluice.lab;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A host's network namespace. Sockets opened in it stay in it, whichever thread uses them later. */
public final class Namespace {
    private static final Path DIRECTORY = Path.of("/run/netns");

    private Namespace() {}

    /** Where the namespace of {@code host} is bound. */
    static Path path(String host) {
        return DIRECTORY.resolve(host);
    }

    /** Runs {@code work} on a thread inside the network of {@code host}; its failure is thrown as it was. */
    public static <T> T call(String host, Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(() -> {
            Linux.enterNetwork(path(host));
            return work.call();
        });
        // A thread of its own: a pooled one would carry the namespace into other work.
        Thread.ofPlatform().name("in " + host).daemon().start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
