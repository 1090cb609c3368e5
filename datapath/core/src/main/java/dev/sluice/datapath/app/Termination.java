package dev.sluice.datapath.app;

import java.util.concurrent.CountDownLatch;

/** SIGTERM and SIGINT end a process cleanly, with exit code 0. */
final class Termination {
    private Termination() {}

    /** Waits for the signal and runs {@code close}. Does not return before the process ends. */
    static void await(Runnable close) throws InterruptedException {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("termination").unstarted(() -> {
                    int code = 0;
                    try {
                        close.run();
                    } catch (RuntimeException failure) {
                        code = 1;
                        System.err.println("sluice: the end was not clean: " + failure.getMessage());
                    }
                    // A signal's own exit code would tell a supervisor of a failure.
                    Runtime.getRuntime().halt(code);
                }));
        new CountDownLatch(1).await();
    }
}
