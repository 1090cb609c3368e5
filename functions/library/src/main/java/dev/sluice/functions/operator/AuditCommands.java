package dev.sluice.functions.operator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.functions.account.Account;
import dev.sluice.functions.audit.AuditEntry;
import dev.sluice.functions.audit.AuditService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The record of decisions and changes. */
@ApplicationScoped
class AuditCommands implements OperatorCommands {
    private static final int DEFAULT_LIMIT = 20;

    private record Shown(
            Instant at,
            String account,
            String action,
            @Nullable String subject,
            @Nullable String request,
            @Nullable UUID objectId,
            List<String> changes,
            Map<String, JsonNode> before,
            Map<String, JsonNode> after,
            @Nullable String reason,
            @Nullable String client,
            @Nullable String resource,
            @Nullable String actor,
            @Nullable String group,
            @Nullable String site,
            @Nullable Long generation,
            List<String> properties,
            long count,
            @Nullable Instant lastAt) {}

    private final Scope scope;
    private final AuditService audit;
    private final Names names;

    @Inject
    AuditCommands(Scope scope, AuditService audit, Names names) {
        this.scope = scope;
        this.audit = audit;
        this.names = names;
    }

    @Override
    public List<OperatorCommand> commands() {
        return List.of(new OperatorCommand("audit/list", Set.of("limit", Scope.ACCOUNT), this::list));
    }

    private List<Shown> list(OperatorArguments arguments) {
        int limit = arguments.limit(DEFAULT_LIMIT);
        return scope.accounts(arguments).stream()
                .flatMap(account -> latest(account, limit))
                .sorted(Comparator.comparing(Shown::at).reversed())
                .limit(limit)
                .toList();
    }

    private Stream<Shown> latest(Account account, int limit) {
        List<AuditEntry> latest = audit.latest(account.id(), limit);
        Map<UUID, String> called = names.of(
                account.id(),
                latest.stream()
                        .flatMap(entry -> Stream.of(
                                entry.clientId(),
                                entry.resourceId(),
                                entry.actorId(),
                                entry.groupId(),
                                entry.siteId())));
        return latest.stream()
                .map(entry -> new Shown(
                        entry.at(),
                        account.slug(),
                        entry.action(),
                        entry.subject(),
                        entry.request(),
                        entry.objectId(),
                        changes(entry),
                        entry.before(),
                        entry.after(),
                        entry.reason(),
                        Names.of(called, entry.clientId()),
                        Names.of(called, entry.resourceId()),
                        Names.of(called, entry.actorId()),
                        Names.of(called, entry.groupId()),
                        Names.of(called, entry.siteId()),
                        entry.generation(),
                        entry.properties(),
                        entry.count(),
                        entry.lastAt()));
    }

    /** In words, of what was changed and was there before and after. */
    private static List<String> changes(AuditEntry entry) {
        return entry.before().isEmpty() || entry.after().isEmpty()
                ? List.of()
                : entry.after().entrySet().stream()
                        .filter(now -> !now.getValue().equals(entry.before().get(now.getKey())))
                        .map(now -> now.getKey() + ": " + word(entry.before().get(now.getKey())) + " → "
                                + word(now.getValue()))
                        .toList();
    }

    private static String word(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return "none";
        }
        return value.isTextual() ? value.asText() : value.toString();
    }
}
