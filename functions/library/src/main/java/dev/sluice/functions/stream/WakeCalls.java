package dev.sluice.functions.stream;

import dev.sluice.functions.settings.BuildProperties;
import dev.sluice.functions.sql.Transaction;
import io.quarkus.arc.properties.UnlessBuildProperty;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears when the database says that something lies in the outbox. It is a hint: a call that is missed costs one interval of
 * the poll.
 */
@ApplicationScoped
@UnlessBuildProperty(name = BuildProperties.FUNCTIONS, stringValue = "true", enableIfMissing = true)
public class WakeCalls {
    private static final Duration PATIENCE = Duration.ofMillis(500);
    /** A connection that was dropped without a word says so only when it is used. */
    private static final Duration PROBE = Duration.ofSeconds(10);

    private static final Logger LOG = Logger.getLogger(WakeCalls.class);

    private final DataSource source;
    private final InstanceWake wake;
    private final Instance instance;
    private volatile @Nullable Thread listener;

    @Inject
    public WakeCalls(
            @io.quarkus.agroal.DataSource("reserved") DataSource source, InstanceWake wake, Instance instance) {
        this.source = source;
        this.wake = wake;
        this.instance = instance;
    }

    void start() {
        var thread = Thread.ofVirtual().name("sluice-wake-calls").unstarted(this::listen);
        listener = thread;
        thread.start();
    }

    void stop() {
        var thread = listener;
        if (thread != null) {
            listener = null;
            try {
                thread.join(PATIENCE.multipliedBy(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Tells the other instances that something lies in the outbox. */
    static void tellOthers(Transaction transaction, UUID instanceId) {
        transaction.list("SELECT pg_notify('sluice_outbox', ?)", row -> true, instanceId.toString());
    }

    private boolean isOfOthers(PGNotification[] calls) {
        return Stream.of(calls)
                .anyMatch(call -> !call.getParameter().equals(instance.id().toString()));
    }

    private void listen() {
        while (listener != null) {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("LISTEN sluice_outbox");
                var postgres = connection.unwrap(PGConnection.class);
                try {
                    long provenAt = System.nanoTime();
                    while (listener != null) {
                        var calls = postgres.getNotifications((int) PATIENCE.toMillis());
                        if (calls != null && isOfOthers(calls)) {
                            wake.signal();
                        }
                        if (System.nanoTime() - provenAt > PROBE.toNanos()) {
                            statement.execute("SELECT 1");
                            provenAt = System.nanoTime();
                        }
                    }
                } finally {
                    statement.execute("UNLISTEN sluice_outbox");
                }
            } catch (SQLException e) {
                if (listener != null) {
                    LOG.debugf("not listening, polling: %s", e.getMessage());
                    pause();
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
