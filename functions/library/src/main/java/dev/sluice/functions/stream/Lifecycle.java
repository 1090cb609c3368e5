package dev.sluice.functions.stream;

import dev.sluice.functions.device.Device.Role;
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
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** Keeps this instance's delivery running from start to stop. */
@ApplicationScoped
public class Lifecycle {
    /** The outbox is looked into this often even if nobody said a word. */
    static final Duration POLL = Duration.ofMillis(200);

    /** How often the instance says that it lives. */
    static final Duration BEAT = Duration.ofSeconds(3);

    /** How long marks wait for others to be written with. */
    private static final Duration GATHER = Duration.ofMillis(100);

    /** How many clients become due for a look between two polls. */
    private static final int LOOKS = 50;

    /** Each waits for the database most of the time; half of them prefer gateways, so that neither role waits for the other. */
    private static final List<Role> DELIVERERS = List.of(Role.GATEWAY, Role.CLIENT, Role.GATEWAY, Role.CLIENT);

    private static final Duration STOP_WITHIN = Duration.ofSeconds(2);

    private static final Logger LOG = Logger.getLogger(Lifecycle.class);

    private final Instance instance;
    private final Delivery delivery;
    private final Channels channels;
    private final Sockets sockets;
    private final DueChannels due;
    private final Marks marks;
    private final Wake wake;
    private final WakeCalls calls;
    private final Transactions reserved;
    private final Relays relays;
    private final DeliveryHealth health;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;

    @Inject
    public Lifecycle(
            Instance instance,
            Delivery delivery,
            Channels channels,
            Sockets sockets,
            DueChannels due,
            Marks marks,
            Wake wake,
            WakeCalls calls,
            @Reserved Transactions reserved,
            Relays relays,
            DeliveryHealth health) {
        this.instance = instance;
        this.delivery = delivery;
        this.channels = channels;
        this.sockets = sockets;
        this.due = due;
        this.marks = marks;
        this.wake = wake;
        this.calls = calls;
        this.reserved = reserved;
        this.relays = relays;
        this.health = health;
    }

    void start(@Observes StartupEvent event) {
        // Relays that cannot be read end the start, and not the first snapshot.
        LOG.infof("%d relays are handed to every peer", relays.all().size());
        instance.beat();
        running = true;
        threads.add(Thread.ofVirtual().name("sluice-poll").unstarted(this::poll));
        threads.add(Thread.ofVirtual().name("sluice-marks").unstarted(this::mark));
        for (var role : DELIVERERS) {
            threads.add(Thread.ofVirtual().name("sluice-delivery").unstarted(() -> deliver(role)));
        }
        threads.forEach(Thread::start);
        calls.start();
    }

    void stop(@Observes ShutdownEvent event) {
        calls.stop();
        running = false;
        threads.forEach(Thread::interrupt);
        try {
            for (var thread : threads) {
                thread.join(STOP_WITHIN);
            }
            marks.write();
            instance.leave();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
        reserved.run(Outbox::forget);
    }

    /** Finds devices for which something waits that nobody was told of. */
    private void poll() {
        loop(() -> {
            if (wake.takeElsewhere()) {
                calls.tellOthers(reserved);
            }
            for (var waiting : reserved.call(transaction -> Outbox.waiting(transaction, instance.id()))) {
                channels.find(waiting.deviceId()).ifPresent(channel -> found(channel, waiting));
            }
            long now = System.nanoTime();
            channels.ready().stream()
                    .filter(channel -> channel.device().role() == Role.CLIENT
                            && channel.offer().isDue(now))
                    .limit(LOOKS)
                    .forEach(channel -> due.add(Role.CLIENT, channel.device().id()));
            if (due.isIdle()) {
                health.passed(now);
            }
            wake.await(POLL);
        });
    }

    private void found(Channel channel, Outbox.Waiting waiting) {
        if (waiting.candidates()) {
            channel.progress().expectCandidates();
        }
        due.add(channel.device().role(), waiting.deviceId());
    }

    private void deliver(Role preferred) {
        loop(() -> {
            var ids = due.take(preferred);
            boolean more = true;
            try {
                more = delivery.deliver(
                        ids.stream().flatMap(id -> channels.find(id).stream()).toList(), System.nanoTime());
                health.passed(System.nanoTime());
            } finally {
                due.done(ids, more);
            }
        });
    }

    private void mark() {
        loop(() -> {
            Thread.sleep(GATHER);
            marks.write();
        });
    }

    private interface Round {
        void run() throws InterruptedException;
    }

    private void loop(Round round) {
        while (running) {
            try {
                round.run();
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

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
