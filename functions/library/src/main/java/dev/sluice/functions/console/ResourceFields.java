package dev.sluice.functions.console;

import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.resource.Connection;
import dev.sluice.functions.resource.ConnectionView;
import dev.sluice.functions.resource.FilterText;
import dev.sluice.functions.resource.FilterView;
import dev.sluice.functions.resource.ResourceView;
import dev.sluice.functions.resource.ResourceWanted;
import dev.sluice.functions.site.SiteService;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A resource as a form has it. */
@ApplicationScoped
class ResourceFields {
    private static final String NAME = "name";
    private static final String TYPE = "type";
    private static final String ADDRESS = "address";
    private static final String DESCRIPTION = "address_description";
    private static final String CONNECTIONS = "connections";
    private static final String FILTERS = "filters";
    private static final String INTERNET = "internet";

    private final SiteService sites;

    @Inject
    ResourceFields(SiteService sites) {
        this.sites = sites;
    }

    /**
     * Of a new one.
     *
     * @param choice of sites: where there is one, it is that
     */
    static Fields empty(Map<UUID, String> choice) {
        return new Fields()
                .with(NAME, "")
                .with(TYPE, "cidr")
                .with(ADDRESS, "")
                .with(DESCRIPTION, "")
                .with(FILTERS, "")
                .withAll(
                        CONNECTIONS,
                        choice.size() == 1
                                ? choice.keySet().stream().map(UUID::toString).toList()
                                : List.of());
    }

    /** As somebody has sent it. */
    Fields read(MultivaluedMap<String, String> sent) {
        var fields = new Fields();
        for (String field : List.of(NAME, TYPE, ADDRESS, DESCRIPTION, FILTERS)) {
            fields.with(field, sent.getFirst(field));
        }
        return fields.withAll(CONNECTIONS, sent.getOrDefault(CONNECTIONS, List.of()));
    }

    /** As it is. */
    Fields show(ResourceView resource) {
        return new Fields()
                .with(NAME, resource.name())
                .with(TYPE, resource.type())
                .with(ADDRESS, resource.address())
                .with(DESCRIPTION, resource.addressDescription())
                .with(FILTERS, String.join(", ", passing(resource)))
                .withAll(
                        CONNECTIONS,
                        resource.connections().stream()
                                .map(connection -> connection.gatewayGroupId().toString())
                                .toList());
    }

    /** What passes to it, as it is typed. */
    static List<String> passing(ResourceView resource) {
        return resource.filters().stream()
                .flatMap(filter -> filter.texts().stream())
                .toList();
    }

    /** As it is, in words. */
    static String text(ResourceView resource) {
        var passing = passing(resource);
        return resource.name() + (resource.address() == null ? "" : ", " + resource.address()) + ", served by "
                + String.join(
                        " and ",
                        resource.connections().stream()
                                .map(ConnectionView::gatewayGroup)
                                .toList())
                + ", through which " + (passing.isEmpty() ? "everything" : String.join(", ", passing)) + " passes";
    }

    /**
     * What is wanted by that.
     *
     * @throws RequestException when it names no site, or something that is no filter
     */
    ResourceWanted wanted(Fields fields) {
        var chosen = fields.words(CONNECTIONS);
        if (chosen.isEmpty()) {
            throw RequestException.argument(CONNECTIONS, "A resource needs a site whose gateways serve it.");
        }
        List<Connection> connections = new ArrayList<>();
        for (String site : chosen) {
            UUID id = Ids.parse(site);
            if (id == null) {
                throw RequestException.argument(CONNECTIONS, "One of the sites does not exist.");
            }
            connections.add(new Connection(id));
        }
        return new ResourceWanted(
                fields.of(NAME).value(),
                fields.text(TYPE),
                INTERNET.equals(fields.text(TYPE)) ? null : fields.of(ADDRESS).value(),
                fields.of(DESCRIPTION).value(),
                null,
                FilterView.of(FilterText.parse(fields.words(FILTERS))),
                connections);
    }

    /**
     * The sites of which some can be chosen, each with its name: the first that there are, and those that serve it already.
     * The internet has its own.
     */
    Map<UUID, String> choice(UUID accountId, String type, List<ConnectionView> serving) {
        Map<UUID, String> choice = new LinkedHashMap<>();
        serving.forEach(connection -> choice.put(connection.gatewayGroupId(), connection.gatewayGroup()));
        if (!type.equals(INTERNET)) {
            sites.page(accountId, PageRequest.first(PageRequest.MOST), null, null).rows().stream()
                    .filter(site -> site.managedBy().equals("account"))
                    .forEach(site -> choice.put(site.id(), site.name()));
        }
        return choice;
    }
}
