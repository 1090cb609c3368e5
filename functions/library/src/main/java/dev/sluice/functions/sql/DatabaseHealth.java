package dev.sluice.functions.sql;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether the database takes writes: a server that has become a standby answers reads, and nothing can be decided on it. */
@Readiness
@ApplicationScoped
public class DatabaseHealth implements HealthCheck {
    private static final String NAME = "database takes writes";

    private final Transactions transactions;

    @Inject
    public DatabaseHealth(@Reserved Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named(NAME);
        try {
            boolean readOnly = transactions
                    .ofPortal()
                    .call(transaction -> transaction.one(
                            "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS read_only",
                            row -> row.flag("read_only")));
            if (readOnly) {
                transactions.renewConnections();
                return response.down()
                        .withData("reason", "read-only: the server is a standby, or is set so")
                        .build();
            }
            return response.up().build();
        } catch (DatabaseFailure e) {
            return response.down().withData("reason", "not reachable").build();
        }
    }
}
