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
import org.jboss.logging.Logger;

/** What this instance does from start to stop. */
@ApplicationScoped
public class Lifecycle {
    private static final Logger LOG = Logger.getLogger(Lifecycle.class);

    private final Instance instance;
    private final Channels channels;
    private final Deliverers deliverers;
    private final WakeCalls calls;
    private final Transactions reserved;
    private final Relays relays;

    @Inject
    public Lifecycle(
            Instance instance,
            Channels channels,
            Deliverers deliverers,
            WakeCalls calls,
            @Reserved Transactions reserved,
            Relays relays) {
        this.instance = instance;
        this.channels = channels;
        this.deliverers = deliverers;
        this.calls = calls;
        this.reserved = reserved;
        this.relays = relays;
    }

    void start(@Observes StartupEvent event) {
        LOG.infof("%d relays are handed to every peer", relays.all().size());
        instance.beat();
        deliverers.start();
        calls.start();
    }

    void stop(@Observes ShutdownEvent event) {
        calls.stop();
        try {
            deliverers.stop();
            instance.leave();
        } catch (DatabaseFailure e) {
            LOG.warnf("this instance's rows stay until another clears them: %s", e.getMessage());
        }
    }

    @Scheduled(every = "{sluice.stream.beat}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void beat() {
        try {
            // As of the last beat, since which nothing of what it clears can have been heard.
            channels.reconcile();
        } finally {
            instance.beat();
        }
    }

    @Scheduled(every = "60s", delayed = "60s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void forget() {
        reserved.ofPortal().run(Outbox::forget);
    }
}
