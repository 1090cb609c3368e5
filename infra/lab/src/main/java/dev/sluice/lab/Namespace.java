package dev.sluice.lab;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;

/** A host's network namespace. Sockets opened in it stay in it, whichever thread uses them later. */
public final class Namespace {
    private static final Path DIRECTORY = Path.of("/run/netns");

    private Namespace() {}

    /** Where the namespace of {@code host} is bound. */
    static Path path(String host) {
        return DIRECTORY.resolve(host);
    }

    /** Makes threads inside the network of {@code host}: what they open stays in it. */
    public static ThreadFactory threads(String host) {
        return work -> Thread.ofPlatform().name("in " + host).daemon().unstarted(() -> {
            Linux.enterNetwork(path(host));
            work.run();
        });
    }

    /** Runs {@code work} on a thread inside the network of {@code host}; its failure is thrown as it was. */
    public static <T> T call(String host, Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        // A thread of its own: a pooled one would carry the namespace into other work.
        threads(host).newThread(task).start();
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
