package dev.sluice.functions.stream;

import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.Reserved;
import dev.sluice.functions.sql.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps this instance's delivery running from start to stop. */
@ApplicationScoped
public class Lifecycle {
    /** The outbox is looked into this often even if nobody said a word. */
    static final Duration POLL = Duration.ofMillis(200);

    /** How often the instance says that it lives. */
    static final Duration BEAT = Duration.ofSeconds(3);

    private static final Logger LOG = Logger.getLogger(Lifecycle.class);

    private final Instance instance;
    private final Delivery delivery;
    private final Channels channels;
    private final Sockets sockets;
    private final Wake wake;
    private final WakeCalls calls;
    private final Transactions transactions;
    private final Relays relays;
    private final DeliveryHealth health;
    private volatile @Nullable Thread deliverer;

    @Inject
    public Lifecycle(
            Instance instance,
            Delivery delivery,
            Channels channels,
            Sockets sockets,
            Wake wake,
            WakeCalls calls,
            @Reserved Transactions transactions,
            Relays relays,
            DeliveryHealth health) {
        this.instance = instance;
        this.delivery = delivery;
        this.channels = channels;
        this.sockets = sockets;
        this.wake = wake;
        this.calls = calls;
        this.transactions = transactions;
        this.relays = relays;
        this.health = health;
    }

    void start(@Observes StartupEvent event) {
        // Relays that cannot be read end the start, and not the first snapshot.
        LOG.infof("%d relays are handed to every peer", relays.all().size());
        instance.beat();
        var thread = Thread.ofVirtual().name("sluice-delivery").unstarted(this::deliver);
        deliverer = thread;
        thread.start();
        calls.start();
    }

    void stop(@Observes ShutdownEvent event) {
        calls.stop();
        var thread = deliverer;
        if (thread != null) {
            deliverer = null;
            thread.interrupt();
        }
        try {
            instance.leave();
        } catch (DatabaseFailure e) {
            LOG.warnf("this instance's rows stay until another clears them: %s", e.getMessage());
        }
    }

    @Scheduled(every = "3s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void beat() {
        sockets.closeIdle(System.nanoTime());
        try {
            // As of the last beat, since which nothing of what it clears can have been heard.
            channels.reconcile();
        } finally {
            instance.beat();
        }
    }

    @Scheduled(every = "60s", delayed = "60s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void forget() {
        transactions.run(Outbox::forget);
    }

    private void deliver() {
        while (deliverer != null) {
            try {
                boolean more = delivery.deliver(System.nanoTime());
                health.passed(System.nanoTime());
                if (!more) {
                    wake.await(POLL);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // What was not sent stays in the outbox.
                LOG.warnf("delivery failed and goes on: %s", e.toString());
                pause();
            } catch (Throwable e) {
                LOG.error("delivery broke and goes on", e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            wake.await(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
