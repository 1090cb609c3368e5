package dev.sluice.functions.stream;

import dev.sluice.functions.device.Device.Role;
import dev.sluice.functions.settings.BuildProperties;
import dev.sluice.functions.sql.Reserved;
import dev.sluice.functions.sql.Transactions;
import io.quarkus.arc.properties.UnlessBuildProperty;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The threads that tell this instance's devices what waits for them. Some serve gateways alone: what a change ended for
 * thousands of clients ends at the gateways without waiting for what is read for clients.
 */
@ApplicationScoped
@UnlessBuildProperty(name = BuildProperties.FUNCTIONS, stringValue = "true", enableIfMissing = true)
public class Deliverers {
    /** Each waits for the database most of the time. */
    private static final List<Role> SERVED = List.of(Role.GATEWAY, Role.CLIENT, Role.GATEWAY, Role.CLIENT);

    /** How many devices become due for a check at once. */
    private static final int CHECKS = 100;

    private static final Duration STOP_WITHIN = Duration.ofSeconds(2);

    private static final Logger LOG = Logger.getLogger(Deliverers.class);

    private final Transactions transactions;
    private final Instance instance;
    private final Channels channels;
    private final Delivery delivery;
    private final DueChannels due;
    private final Marks marks;
    private final InstanceWake wake;
    private final DeliveryHealth health;
    private final StreamSettings settings;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;

    @Inject
    public Deliverers(
            @Reserved Transactions transactions,
            Instance instance,
            Channels channels,
            Delivery delivery,
            DueChannels due,
            Marks marks,
            InstanceWake wake,
            DeliveryHealth health,
            StreamSettings settings) {
        this.transactions = transactions;
        this.instance = instance;
        this.channels = channels;
        this.delivery = delivery;
        this.due = due;
        this.marks = marks;
        this.wake = wake;
        this.health = health;
        this.settings = settings;
    }

    void start() {
        running = true;
        threads.add(Thread.ofVirtual().name("sluice-poll").unstarted(this::poll));
        threads.add(Thread.ofVirtual().name("sluice-marks").unstarted(this::mark));
        for (var role : SERVED) {
            threads.add(Thread.ofVirtual().name("sluice-delivery").unstarted(() -> deliver(role)));
        }
        threads.forEach(Thread::start);
    }

    /**
     * Ends the threads, and says what they have handed over. They are not interrupted at their work: that would break the
     * connection by which they say it.
     */
    void stop() {
        running = false;
        due.close();
        wake.signal();
        try {
            for (var thread : threads) {
                if (!thread.join(STOP_WITHIN)) {
                    thread.interrupt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        marks.write();
    }

    /** Finds devices for which something waits that nobody was told of. */
    private void poll() {
        var look = new Periodic(settings.poll(), 0, System.nanoTime());
        loop(() -> {
            if (wake.takeElsewhere()) {
                transactions.ofPortal().run(transaction -> WakeCalls.tellOthers(transaction, instance.id()));
            }
            for (var waiting :
                    transactions.ofPortal().glance(transaction -> Outbox.waiting(transaction, instance.id()))) {
                channels.find(waiting.deviceId()).ifPresent(channel -> found(channel, waiting));
            }
            long now = System.nanoTime();
            if (look.isDue(now)) {
                look.done(now);
                lookForChecks(now);
            }
            if (due.isIdle()) {
                health.passed(now);
            }
            wake.await(settings.poll());
        });
    }

    /** Goes through all channels, and so not each time that something wakes it. */
    private void lookForChecks(long now) {
        channels.ready().stream()
                .filter(channel -> channel.check().isDue(now))
                .limit(CHECKS)
                .forEach(channel ->
                        due.add(channel.device().role(), channel.device().id()));
    }

    private void found(Channel channel, Outbox.Waiting waiting) {
        if (waiting.candidates()) {
            channel.progress().expectCandidates();
        }
        due.add(channel.device().role(), waiting.deviceId());
    }

    private void deliver(Role role) {
        loop(() -> {
            var ids = due.take(role);
            boolean more = true;
            try {
                more = delivery.deliver(
                        ids.stream().flatMap(id -> channels.find(id).stream()).toList(), System.nanoTime(), marks::add);
                health.passed(System.nanoTime());
            } finally {
                due.done(ids, more);
            }
        });
    }

    private void mark() {
        loop(() -> {
            Thread.sleep(settings.gather());
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

    private void pause() {
        try {
            Thread.sleep(settings.poll());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
