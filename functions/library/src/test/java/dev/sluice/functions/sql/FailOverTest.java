package dev.sluice.functions.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.database.InjectDatabase;
import dev.sluice.functions.database.TestDatabase;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.Test;

/** A server that became a standby, as sessions see it that were opened before: they read, and write no more. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class FailOverTest {
    @InjectDatabase
    TestDatabase database;

    @Inject
    Transactions transactions;

    @Inject
    @Readiness
    DatabaseHealth health;

    @Test
    void shouldLeaveConnectionsThatTakeNoWritesAndSaySo() throws Exception {
        write();
        String name = transactions
                .ofPortal()
                .call(transaction -> transaction.one("SELECT current_database() AS name", row -> row.text("name")));
        database.execute("ALTER DATABASE " + name + " SET default_transaction_read_only = on");
        endSessions(name);

        await(HealthCheckResponse.Status.DOWN);
        assertThat(health.call().getData().orElseThrow().toString()).contains("read-only");
        try (Connection owner = database.owner().connect();
                Statement statement = owner.createStatement()) {
            statement.execute("SET default_transaction_read_only = off");
            statement.execute("ALTER DATABASE " + name + " RESET default_transaction_read_only");
        }

        write();
        await(HealthCheckResponse.Status.UP);
    }

    private void write() {
        transactions.ofPortal().run(transaction -> transaction.update("UPDATE account SET name = name"));
    }

    private void endSessions(String name) throws SQLException {
        try (Connection superuser = database.superuser().database("postgres").connect();
                Statement statement = superuser.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
        }
    }

    private void await(HealthCheckResponse.Status status) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (health.call().getStatus() != status) {
            assertThat(System.nanoTime()).as("the health is " + status).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
