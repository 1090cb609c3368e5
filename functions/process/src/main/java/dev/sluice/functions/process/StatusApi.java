package dev.sluice.functions.process;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.sql.Transactions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The portal at a glance. */
@Path(Door.OPERATOR + "status")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Operator", description = "What only whoever runs the portal may do, on the admin listener.")
@OnBehalf
@RunOnVirtualThread
public class StatusApi {
    /**
     * What runs, who is connected, and what waits.
     *
     * @param process its id
     * @param uptime of this process, ISO 8601
     * @param now by the database's clock
     */
    public record Status(
            String state,
            long process,
            String uptime,
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
                   f.accounts, f.clients, f.gateways, f.flows, f.waiting, f.held
            FROM portal_figures() AS f
            """;

    private final Transactions transactions;

    @Inject
    StatusApi(Transactions transactions) {
        this.transactions = transactions;
    }

    @GET
    @Operation(summary = "Show what runs, who is connected, and what waits")
    public Envelope.One<Status> status() {
        var uptime = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
        return new Envelope.One<>(transactions
                .ofPortal()
                .call(transaction -> transaction.one(
                        QUERY,
                        row -> new Status(
                                "running",
                                ProcessHandle.current().pid(),
                                uptime.toString(),
                                row.instant("now"),
                                row.text("database"),
                                row.number("accounts"),
                                row.number("clients"),
                                row.number("gateways"),
                                row.number("flows"),
                                row.number("waiting"),
                                row.number("held")))));
    }
}
