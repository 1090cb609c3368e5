package dev.sluice.functions.resource;

import dev.sluice.channel.Filter;
import dev.sluice.channel.Site;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates, changes, finds and deletes resources. What a change ends, the database ends with it. */
@ApplicationScoped
public class ResourceService {
    private static final String RESOURCES = """
            SELECT r.id, r.type, r.name, r.address, r.address_description, r.ip_stack, r.filters,
                   array_agg(s.id ORDER BY s.name) FILTER (WHERE s.id IS NOT NULL) AS site_ids,
                   array_agg(s.name ORDER BY s.name) FILTER (WHERE s.id IS NOT NULL) AS site_names
            FROM resource r
            LEFT JOIN resource_site rs ON rs.account_id = r.account_id AND rs.resource_id = r.id
            LEFT JOIN site s ON s.account_id = rs.account_id AND s.id = rs.site_id
            WHERE r.account_id = ? AND %s
            GROUP BY r.id
            ORDER BY r.name, r.id
            """;

    private static final String SOME = "LIMIT ?::bigint";
    private static final String ALL = String.format(Locale.ROOT, RESOURCES, "true") + SOME;
    private static final String CALLED =
            String.format(Locale.ROOT, RESOURCES, "(r.id = ?::uuid OR r.name = ? OR r.address = ?)") + SOME;
    private static final String BY_IDS = String.format(Locale.ROOT, RESOURCES, "r.id = ANY (?::uuid[])");

    private final Transactions transactions;

    @Inject
    public ResourceService(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Resources by name.
     *
     * @param atMost so many of them; all if null
     */
    public List<ResourceRow> list(UUID accountId, @Nullable Integer atMost) {
        return transactions.call(transaction -> transaction.list(ALL, ResourceService::read, accountId, atMost));
    }

    /** The resources of this id, name or address; some, if there are very many. */
    public List<ResourceRow> called(UUID accountId, String reference) {
        return transactions.call(transaction -> transaction.list(
                CALLED, ResourceService::read, accountId, Ids.parse(reference), reference, reference, Ids.SOME));
    }

    /** @throws RequestException when there is none */
    public ResourceRow find(UUID accountId, UUID id) {
        return transactions
                .call(transaction -> find(transaction, accountId, id))
                .orElseThrow(() -> RequestException.notFound("There is no resource " + id + "."));
    }

    /** @throws RequestException when the address is not valid for the type, or no site is named */
    public ResourceRow create(UUID accountId, NewResource resource) {
        try {
            return transactions.call(transaction -> {
                var id = Ids.next();
                create(transaction, accountId, id, resource);
                return find(transaction, accountId, id).orElseThrow();
            });
        } catch (DatabaseFailure e) {
            if (e.isDuplicate()) {
                throw RequestException.conflict("The account has an internet resource already.");
            }
            throw e;
        }
    }

    /**
     * Replaces the filters; empty lets everything pass. Grants stay, and gateways filter anew.
     *
     * @throws RequestException when there is no such resource
     */
    public void setFilters(UUID accountId, UUID resourceId, List<Filter> filters) {
        int changed = transactions.call(transaction -> transaction.update(
                "UPDATE resource SET filters = ? WHERE account_id = ? AND id = ?",
                FilterText.format(filters),
                accountId,
                resourceId));
        requireOne(changed, resourceId);
    }

    /** @throws RequestException when there is no such resource */
    public void delete(UUID accountId, UUID resourceId) {
        int changed = transactions.call(transaction -> {
            Turns.take(transaction, accountId);
            return transaction.update("DELETE FROM resource WHERE account_id = ? AND id = ?", accountId, resourceId);
        });
        requireOne(changed, resourceId);
    }

    /** As {@link #create(UUID, NewResource)}, with a chosen id, as part of another transaction. */
    public void create(Transaction transaction, UUID accountId, UUID id, NewResource resource) {
        if (resource.siteIds().isEmpty()) {
            throw RequestException.invalid("A resource needs a site whose gateways serve it.");
        }
        if (resource.name().isBlank() || resource.name().length() > 255) {
            throw RequestException.invalid("A resource's name has 1 to 255 characters.");
        }
        transaction.update(
                """
                INSERT INTO resource (id, account_id, type, name, address, address_description, ip_stack, filters)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                id,
                accountId,
                resource.type().word(),
                resource.name(),
                ResourceAddress.normalise(resource.type(), resource.address()),
                resource.addressDescription(),
                resource.type() == ResourceType.DNS ? "dual" : null,
                FilterText.format(resource.filters()));
        for (var siteId : resource.siteIds()) {
            transaction.update(
                    "INSERT INTO resource_site (account_id, resource_id, site_id) VALUES (?, ?, ?)",
                    accountId,
                    id,
                    siteId);
        }
    }

    /** The resource as part of another transaction. */
    public Optional<ResourceRow> find(Transaction transaction, UUID accountId, UUID id) {
        return list(transaction, accountId, List.of(id)).stream().findFirst();
    }

    /** The resources of these ids as part of another transaction; those that are not there are left out. */
    public List<ResourceRow> list(Transaction transaction, UUID accountId, List<UUID> ids) {
        return ids.isEmpty() ? List.of() : transaction.list(BY_IDS, ResourceService::read, accountId, ids);
    }

    private static void requireOne(int changed, UUID resourceId) {
        if (changed == 0) {
            throw RequestException.notFound("There is no resource " + resourceId + ".");
        }
    }

    private static ResourceRow read(Row row) {
        var siteIds = row.ids("site_ids");
        var siteNames = row.texts("site_names");
        var sites = new ArrayList<Site>();
        for (int i = 0; i < siteIds.size(); i++) {
            sites.add(new Site(siteIds.get(i), siteNames.get(i)));
        }
        return new ResourceRow(
                row.id("id"),
                ResourceType.of(row.text("type")),
                row.text("name"),
                row.optionalText("address"),
                row.optionalText("address_description"),
                row.optionalText("ip_stack"),
                FilterText.parse(row.texts("filters")),
                sites);
    }
}
