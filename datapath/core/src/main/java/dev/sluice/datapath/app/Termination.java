package dev.sluice.datapath.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** SIGTERM and SIGINT end a process cleanly, with exit code 0. */
final class Termination {
    private static final System.Logger LOG = System.getLogger(Termination.class.getName());
    private static final AtomicInteger CODE = new AtomicInteger();

    private Termination() {}

    /** Ends the process with exit code 1: without its device it is of no use, and a supervisor starts it anew. */
    static void deviceLost() {
        LOG.log(System.Logger.Level.ERROR, "somebody removed the TUN device; ending");
        CODE.set(1);
        Thread.ofPlatform().name("device-lost").start(() -> System.exit(1));
    }

    /** Waits for the signal and runs {@code close}. Does not return before the process ends. */
    static void await(Runnable close) throws InterruptedException {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("termination").unstarted(() -> {
                    try {
                        close.run();
                    } catch (RuntimeException failure) {
                        CODE.set(1);
                        System.err.println("sluice: the end was not clean: " + failure.getMessage());
                    }
                    // A signal's own exit code would tell a supervisor of a failure.
                    Runtime.getRuntime().halt(CODE.get());
                }));
        new CountDownLatch(1).await();
    }
}
