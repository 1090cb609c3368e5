package dev.sluice.functions.site;

import dev.sluice.channel.Site;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates and lists sites. */
@ApplicationScoped
public class SiteService {
    private static final String SELECT = "SELECT id, name FROM site WHERE account_id = ? ";

    private final Transactions transactions;

    @Inject
    public SiteService(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Sites by name.
     *
     * @param atMost so many of them; all if null
     */
    public List<Site> list(UUID accountId, @Nullable Integer atMost) {
        return transactions.call(transaction ->
                transaction.list(SELECT + "ORDER BY name, id LIMIT ?::bigint", SiteService::read, accountId, atMost));
    }

    /** The sites of this id or name. */
    public List<Site> called(UUID accountId, String reference) {
        return transactions.call(transaction -> transaction.list(
                SELECT + "AND (id = ?::uuid OR name = ?) ORDER BY name, id",
                SiteService::read,
                accountId,
                Ids.parse(reference),
                reference));
    }

    /** @throws RequestException when the name is taken or malformed */
    public Site create(UUID accountId, String name) {
        if (name.isBlank() || name.length() > 64) {
            throw RequestException.invalid("A site's name has 1 to 64 characters.");
        }
        return transactions.call(transaction -> {
            if (transaction
                    .first(
                            "SELECT id FROM site WHERE account_id = ? AND name = ?",
                            row -> row.id("id"),
                            accountId,
                            name)
                    .isPresent()) {
                throw RequestException.conflict("There is a site '" + name + "' already.");
            }
            return create(transaction, accountId, Ids.next(), name);
        });
    }

    /** As {@link #create(UUID, String)}, with a chosen id, as part of another transaction. */
    public Site create(Transaction transaction, UUID accountId, UUID id, String name) {
        transaction.update("INSERT INTO site (id, account_id, name) VALUES (?, ?, ?)", id, accountId, name);
        return new Site(id, name);
    }

    private static Site read(Row row) {
        return new Site(row.id("id"), row.text("name"));
    }
}
