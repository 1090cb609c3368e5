package dev.sluice.functions.audit;

import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;

/** Reads the record of decisions; what decides writes it, in the decision's own transaction. */
@ApplicationScoped
public class AuditService {
    private final Transactions transactions;

    @Inject
    public AuditService(Transactions transactions) {
        this.transactions = transactions;
    }

    /** The latest entries of an account, the newest first. */
    public List<AuditEntry> latest(UUID accountId, int limit) {
        return transactions.call(transaction -> transaction.list(
                """
                SELECT id, at, action, subject, object_id, client_id, resource_id, gateway_id, actor_id, group_id, site_id,
                       generation, reason, properties, count, last_at
                FROM audit_entry WHERE account_id = ? ORDER BY id DESC LIMIT ?
                """,
                row -> new AuditEntry(
                        row.number("id"),
                        row.instant("at"),
                        row.text("action"),
                        row.optionalText("subject"),
                        row.optionalId("object_id"),
                        row.optionalId("client_id"),
                        row.optionalId("resource_id"),
                        row.optionalId("gateway_id"),
                        row.optionalId("actor_id"),
                        row.optionalId("group_id"),
                        row.optionalId("site_id"),
                        row.optionalNumber("generation"),
                        row.optionalText("reason"),
                        row.texts("properties"),
                        row.number("count"),
                        row.optionalInstant("last_at")),
                accountId,
                limit));
    }
}
