package dev.sluice.functions.job;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** What one instance does at a time, under a lease. */
public final class LeasedJob {
    /** Some of a job's work. */
    @FunctionalInterface
    public interface Round {
        /** @return whether there is to be another round at once */
        boolean run() throws InterruptedException;
    }

    private static final Duration STOP_WITHIN = Duration.ofSeconds(2);

    private final String name;
    private final Leases leases;
    private final Lock running = new ReentrantLock();
    private volatile boolean stopping;

    public LeasedJob(String name, Leases leases) {
        this.name = name;
        this.leases = leases;
    }

    /**
     * Goes round for as long as this instance holds the lease and the work wants it.
     *
     * @param stays whether there may be more than one round
     */
    public void run(boolean stays, Round round) {
        running.lock();
        try {
            boolean more = true;
            while (more && !stopping && leases.hold(name)) {
                more = round.run() && stays;
            }
            if (stopping || !stays) {
                leases.release(name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.unlock();
        }
    }

    public boolean isStopping() {
        return stopping;
    }

    /** Waits for a round that goes on, since what it uses goes after this; but not for a database that does not answer. */
    public void stop() {
        stopping = true;
        try {
            if (running.tryLock(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                running.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
