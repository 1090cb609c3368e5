package dev.sluice.functions.resource;

import dev.sluice.channel.Site;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Resources as decisions and devices need them: whole, with their sites, in one statement. */
@ApplicationScoped
public class ResourceRows {
    private static final String BY_IDS = """
            SELECT r.id, r.type, r.name, r.address, r.address_description, r.ip_stack, r.filters,
                   array_agg(s.id ORDER BY s.name) FILTER (WHERE s.id IS NOT NULL) AS site_ids,
                   array_agg(s.name ORDER BY s.name) FILTER (WHERE s.id IS NOT NULL) AS site_names
            FROM resource r
            LEFT JOIN resource_site rs ON rs.account_id = r.account_id AND rs.resource_id = r.id
            LEFT JOIN site s ON s.account_id = rs.account_id AND s.id = rs.site_id
            WHERE r.account_id = current_account() AND r.id = ANY (?::uuid[])
            GROUP BY r.id
            ORDER BY r.name, r.id
            """;

    /** The resource as part of another transaction. */
    public Optional<ResourceRow> find(Transaction transaction, UUID id) {
        return list(transaction, List.of(id)).stream().findFirst();
    }

    /** The resources of these ids as part of another transaction; those that are not there are left out. */
    public List<ResourceRow> list(Transaction transaction, List<UUID> ids) {
        return ids.isEmpty() ? List.of() : transaction.list(BY_IDS, ResourceRows::read, ids);
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
