package dev.sluice.functions.operator;

import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.TypedArray;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an account's things are called, for lists that people read. */
@ApplicationScoped
class Names {
    private static final String QUERY = Stream.of("actor", "actor_group", "site", "resource", "client", "gateway")
            .map(table -> "SELECT id, name FROM " + table + " WHERE account_id = ? AND id = ANY (?)")
            .collect(Collectors.joining(" UNION ALL "));

    private final Transactions transactions;

    @Inject
    Names(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * The names of actors, groups, sites, resources and devices.
     *
     * @param ids of any of these; null where there is none
     */
    Map<UUID, String> of(UUID account, Stream<@Nullable UUID> ids) {
        var wanted = TypedArray.ofIds(ids.filter(Objects::nonNull).collect(Collectors.toSet()));
        var names = new HashMap<UUID, String>();
        transactions
                .call(transaction -> transaction.list(
                        QUERY,
                        row -> Map.entry(row.id("id"), row.text("name")),
                        account,
                        wanted,
                        account,
                        wanted,
                        account,
                        wanted,
                        account,
                        wanted,
                        account,
                        wanted,
                        account,
                        wanted))
                .forEach(name -> names.put(name.getKey(), name.getValue()));
        return names;
    }

    /** The name of {@code id}, or the id itself when it has none any more; null stays null. */
    static @Nullable String of(Map<UUID, String> names, @Nullable UUID id) {
        return id == null ? null : names.getOrDefault(id, id.toString());
    }
}
