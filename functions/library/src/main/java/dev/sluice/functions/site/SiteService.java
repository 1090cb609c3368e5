package dev.sluice.functions.site;

import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Narrowing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.plan.Limit;
import dev.sluice.functions.plan.Plans;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates, changes, finds and deletes sites. What a change ends, the database ends with it. */
@ApplicationScoped
public class SiteService {
    /** What a site may be called: portal-protocol.md, section 1. */
    public static final String NAME = "(?=.*\\S)[^\\x00-\\x1F\\x7F]{1,64}";

    public static final String NAME_RULE = "has 1 to 64 characters, not all of them blank, and none of control";

    private final Transactions transactions;
    private final Sites sites;

    @Inject
    public SiteService(Transactions transactions, Sites sites) {
        this.transactions = transactions;
        this.sites = sites;
    }

    /**
     * A page of sites.
     *
     * @param name with what their names begin; null for all
     * @param called their whole name; null for all
     */
    public Page<SiteView> page(UUID accountId, PageRequest request, @Nullable String name, @Nullable String called) {
        return transactions
                .inAccount(accountId)
                .search(transaction -> sites.page(
                                accountId, request, Narrowing.NONE.named(name).called(called, "name"))
                        .map(SiteService::view));
    }

    /** @throws RequestException when there is none */
    public SiteView get(UUID accountId, UUID id) {
        return transactions.inAccount(accountId).call(transaction -> view(sites.get(accountId, id)));
    }

    /**
     * Creates a site.
     *
     * @throws RequestException when the name is taken
     */
    public SiteView create(Transaction transaction, UUID accountId, String name) {
        requireFree(accountId, name);
        Plans.require(transaction, accountId, Limit.SITES);
        return view(sites.added(new SiteEntity(accountId, name)));
    }

    /** @throws RequestException when there is none of this version, or the name is taken */
    public SiteView rename(UUID accountId, UUID id, String name, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> {
            var site = changeable(accountId, id, expected);
            if (!site.name().equals(name)) {
                requireFree(accountId, name);
                site.rename(name);
                sites.flush();
            }
            return view(site);
        });
    }

    /**
     * Deletes a site with its gateways and their tokens: what they served ends.
     *
     * @throws RequestException when there is none of this version
     */
    public SiteView delete(UUID accountId, UUID id, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> delete(transaction, accountId, id, expected));
    }

    /** As {@link #delete(UUID, UUID, Expected)}, as part of another transaction. */
    public SiteView delete(Transaction transaction, UUID accountId, UUID id, Expected expected) {
        Turns.take(transaction, accountId);
        var site = changeable(accountId, id, expected);
        sites.delete(site);
        sites.flush();
        return view(site);
    }

    private SiteEntity changeable(UUID accountId, UUID id, Expected expected) {
        var site = sites.take(accountId, id, expected);
        if (site.isManagedBySystem()) {
            throw RequestException.conflict("The site of the internet resource stays as it is.");
        }
        return site;
    }

    private void requireFree(UUID accountId, String name) {
        if (sites.isTaken(accountId, name)) {
            throw RequestException.argument("name", "There is a site '" + name + "' already.");
        }
    }

    private static SiteView view(SiteEntity site) {
        return new SiteView(site.id(), site.name(), site.managedBy(), site.insertedAt(), site.version());
    }
}
