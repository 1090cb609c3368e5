package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice portal audit …}. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "What was decided or changed, by whom, and why.")
final class AuditCommands {
    private static final String PATH = "/audit_entries";
    private static final String SINCE = "Not before this time, as 2026-01-31T09:00:00Z.";
    private static final String UNTIL = "Before this time.";
    private static final String ACTION = "Only this, such as flow_denied.";
    private static final Columns COLUMNS = Columns.of("at", "action", "subject", "reason", "properties")
            .with("changes", AuditCommands::changes)
            .with("actor", entry -> entry.path("actor"))
            .with("client", entry -> entry.path("client"))
            .with("resource", entry -> entry.path("resource"))
            .with("group", entry -> entry.path("group"))
            .with("site", entry -> entry.path("site"))
            .with("count", entry -> entry.path("count"))
            .with("request", entry -> entry.path("request"));

    private final Session session;

    AuditCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List entries, the latest first.")
    int list(
            @Mixin Output output,
            @Mixin Where where,
            @Option(names = "--limit", paramLabel = "N", description = "How many (20).", defaultValue = "20") int limit,
            @Option(names = "--action", description = ACTION) @Nullable String action,
            @Option(names = "--since", paramLabel = "TIME", description = SINCE) @Nullable String since,
            @Option(names = "--until", paramLabel = "TIME", description = UNTIL) @Nullable String until) {
        int most = Amount.checked(limit);
        List<JsonNode> entries = new ArrayList<>();
        boolean more = false;
        for (Scope.Account account : session.scope().accounts(where.account)) {
            more |= account.api()
                    .list(PATH, query(action, since, until), most, entry -> entries.add(Session.named(account, entry)));
        }
        entries.sort(Comparator.comparing((JsonNode entry) -> entry.path("id").asLong())
                .reversed());
        ArrayNode latest = Api.JSON.createArrayNode();
        entries.stream().limit(most).forEach(latest::add);
        return session.print(output, COLUMNS, latest, more || entries.size() > most);
    }

    @Command(description = "Print all entries as JSON, one in a line, the latest first.")
    int export(
            @Mixin Where where,
            @Option(names = "--action", description = ACTION) @Nullable String action,
            @Option(names = "--since", paramLabel = "TIME", description = SINCE) @Nullable String since,
            @Option(names = "--until", paramLabel = "TIME", description = UNTIL) @Nullable String until) {
        for (Scope.Account account : session.scope().accounts(where.account)) {
            account.api()
                    .list(
                            PATH,
                            query(action, since, until),
                            Integer.MAX_VALUE,
                            entry -> session.line(Session.named(account, entry).toString()));
        }
        return 0;
    }

    private static Query query(@Nullable String action, @Nullable String since, @Nullable String until) {
        return Query.of("action", action).and("since", since).and("until", until);
    }

    /** In words, of what was changed and was there before and after. */
    private static JsonNode changes(JsonNode entry) {
        ArrayNode changes = Api.JSON.createArrayNode();
        JsonNode before = entry.path("before");
        if (!before.isEmpty()) {
            entry.path("after").properties().stream()
                    .filter(now -> !now.getValue().equals(before.path(now.getKey())))
                    .forEach(now -> changes.add(
                            now.getKey() + ": " + word(before.path(now.getKey())) + " → " + word(now.getValue())));
        }
        return changes;
    }

    private static String word(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "none";
        }
        return value.isTextual() ? value.asText() : value.toString();
    }
}
