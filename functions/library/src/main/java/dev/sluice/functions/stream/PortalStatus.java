package dev.sluice.functions.stream;

import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** What an operator wants to know of a portal at a glance. */
@ApplicationScoped
public class PortalStatus {
    /**
     * Counts over all accounts.
     *
     * @param instances portals that live
     * @param clients clients that are online, and so on
     * @param waiting messages that lie in the outbox, for devices that are away too
     */
    public record Figures(
            long accounts, long instances, long clients, long gateways, long flows, long pending, long waiting) {}

    private final Transactions transactions;

    @Inject
    public PortalStatus(Transactions transactions) {
        this.transactions = transactions;
    }

    public Figures figures() {
        return transactions.call(transaction -> transaction.one(
                """
                SELECT (SELECT count(*) FROM account) AS accounts,
                       (SELECT count(*) FROM live_instance) AS instances,
                       count(*) FILTER (WHERE c.role = 'client') AS clients,
                       count(*) FILTER (WHERE c.role = 'gateway') AS gateways,
                       (SELECT count(*) FROM flow WHERE state = 'authorized') AS flows,
                       (SELECT count(*) FROM flow WHERE state = 'pending') AS pending,
                       (SELECT count(*) FROM outbox WHERE sent_at IS NULL) AS waiting
                FROM online c
                """,
                row -> new Figures(
                        row.number("accounts"),
                        row.number("instances"),
                        row.number("clients"),
                        row.number("gateways"),
                        row.number("flows"),
                        row.number("pending"),
                        row.number("waiting"))));
    }
}
