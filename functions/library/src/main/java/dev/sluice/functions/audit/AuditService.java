package dev.sluice.functions.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.entity.Listing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the record of decisions and changes; it is written in the transaction of what it records. */
@ApplicationScoped
public class AuditService {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, JsonNode>> IMAGE = new TypeReference<>() {};

    private static final Map<String, String> NAMED = Map.of(
            "client", "client",
            "resource", "resource",
            "gateway", "gateway",
            "actor", "actor",
            "group", "actor_group",
            "site", "site");

    private static final String COLUMNS = "e.*"
            + NAMED.keySet().stream()
                    .map(thing -> ", of_" + thing + ".name AS \"" + thing + "\"")
                    .collect(Collectors.joining());

    private static final String FROM = "audit_entry e"
            + NAMED.entrySet().stream()
                    .map(named -> String.format(
                            Locale.ROOT,
                            " LEFT JOIN %2$s of_%1$s ON of_%1$s.account_id = e.account_id AND of_%1$s.id = e.%1$s_id",
                            named.getKey(),
                            named.getValue()))
                    .collect(Collectors.joining());

    private final Transactions transactions;

    @Inject
    public AuditService(Transactions transactions) {
        this.transactions = transactions;
    }

    /** A page of the entries of an account, the latest first. */
    public Page<AuditEntry> page(UUID accountId, AuditFilter filter, PageRequest request) {
        var entries =
                filter.narrow(new Listing(COLUMNS, FROM, "e.id").asHistory().where("e.account_id = ?", accountId));
        return transactions
                .inAccount(accountId)
                .search(transaction ->
                        entries.page(transaction, request, AuditService::read, entry -> Listing.id(entry.id())));
    }

    private static AuditEntry read(Row row) {
        return new AuditEntry(
                row.number("id"),
                row.instant("at"),
                row.text("action"),
                row.optionalText("subject"),
                row.optionalId("object_id"),
                row.optionalId("client_id"),
                row.optionalText("client"),
                row.optionalId("resource_id"),
                row.optionalText("resource"),
                row.optionalId("gateway_id"),
                row.optionalText("gateway"),
                row.optionalId("actor_id"),
                row.optionalText("actor"),
                row.optionalId("group_id"),
                row.optionalText("group"),
                row.optionalId("site_id"),
                row.optionalText("site"),
                row.optionalText("request"),
                image(row.optionalText("before")),
                image(row.optionalText("after")),
                row.optionalNumber("generation"),
                row.optionalText("reason"),
                row.texts("properties"),
                row.number("count"),
                row.optionalInstant("last_at"));
    }

    private static Map<String, JsonNode> image(@Nullable String json) {
        try {
            return json == null ? Map.of() : JSON.readValue(json, IMAGE);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database has JSON that is none", e);
        }
    }
}
