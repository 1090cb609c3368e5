package dev.sluice.functions.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the record of decisions and changes; it is written in the transaction of what it records. */
@ApplicationScoped
public class AuditService {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, JsonNode>> IMAGE = new TypeReference<>() {};

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
                       request, before, after, generation, reason, properties, count, last_at
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
                        row.optionalText("request"),
                        image(row.optionalText("before")),
                        image(row.optionalText("after")),
                        row.optionalNumber("generation"),
                        row.optionalText("reason"),
                        row.texts("properties"),
                        row.number("count"),
                        row.optionalInstant("last_at")),
                accountId,
                limit));
    }

    private static Map<String, JsonNode> image(@Nullable String json) {
        try {
            return json == null ? Map.of() : JSON.readValue(json, IMAGE);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database has JSON that is none", e);
        }
    }
}
