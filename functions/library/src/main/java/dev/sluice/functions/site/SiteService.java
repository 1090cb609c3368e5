package dev.sluice.functions.site;

import dev.sluice.channel.Site;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;

/** Creates and lists sites. */
@ApplicationScoped
public class SiteService {
    private final Transactions transactions;

    @Inject
    public SiteService(Transactions transactions) {
        this.transactions = transactions;
    }

    public List<Site> list(UUID accountId) {
        return transactions.call(transaction -> transaction.list(
                "SELECT id, name FROM site WHERE account_id = ? ORDER BY name, id",
                row -> new Site(row.id("id"), row.text("name")),
                accountId));
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
}
