package dev.sluice.functions.operator;

import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The portal at a glance. */
@ApplicationScoped
class StatusCommands implements OperatorCommands {
    private record Status(
            String state,
            long process,
            Duration uptime,
            Instant now,
            String database,
            long accounts,
            long clientsOnline,
            long gatewaysOnline,
            long flows,
            long outboxWaiting,
            long streamsHeld) {}

    private static final String QUERY = """
            SELECT clock_timestamp() AS now,
                   'PostgreSQL ' || current_setting('server_version') AS database,
                   (SELECT count(*) FROM account) AS accounts,
                   (SELECT count(*) FROM channel WHERE role = 'client') AS clients,
                   (SELECT count(*) FROM channel WHERE role = 'gateway') AS gateways,
                   (SELECT count(*) FROM flow) AS flows,
                   (SELECT count(*) FROM outbox WHERE sent_at IS NULL) AS waiting,
                   (SELECT count(*) FROM stream_hold) AS held
            """;

    private final Transactions transactions;

    @Inject
    StatusCommands(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public List<OperatorCommand> commands() {
        return List.of(new OperatorCommand("status", Set.of(), arguments -> status()));
    }

    private Status status() {
        Duration uptime = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
        return transactions.call(transaction -> transaction.one(
                QUERY,
                row -> new Status(
                        "running",
                        ProcessHandle.current().pid(),
                        uptime,
                        row.instant("now"),
                        row.text("database"),
                        row.number("accounts"),
                        row.number("clients"),
                        row.number("gateways"),
                        row.number("flows"),
                        row.number("waiting"),
                        row.number("held"))));
    }
}
