package dev.sluice.functions.resource;

import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Narrowing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.plan.Feature;
import dev.sluice.functions.plan.Plans;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import dev.sluice.functions.sql.TypedArray;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Creates, changes, finds and deletes resources. What a change ends, the database ends with it. */
@ApplicationScoped
public class ResourceService {
    private static final String CONNECTIONS = """
            SELECT rs.resource_id, s.id, s.name
            FROM resource_site rs JOIN site s ON s.account_id = rs.account_id AND s.id = rs.site_id
            WHERE rs.account_id = ? AND rs.resource_id = ANY (?) ORDER BY s.id
            """;

    private static final String UNKNOWN_SITES = """
            SELECT count(*) FROM unnest(?::uuid[]) AS wanted (id)
            WHERE NOT EXISTS (SELECT FROM site s WHERE s.account_id = ? AND s.id = wanted.id)
            """;

    private static final String CONNECT = """
            INSERT INTO resource_site (account_id, resource_id, site_id) SELECT ?, ?, id FROM unnest(?::uuid[]) AS site (id)
            ON CONFLICT DO NOTHING
            """;

    private static final String DISCONNECT =
            "DELETE FROM resource_site WHERE account_id = ? AND resource_id = ? AND NOT site_id = ANY (?::uuid[])";

    private final Transactions transactions;
    private final Resources resources;

    @Inject
    public ResourceService(Transactions transactions, Resources resources) {
        this.transactions = transactions;
        this.resources = resources;
    }

    /**
     * A page of resources.
     *
     * @param name with what their names begin; null for all
     * @param called their whole name or address; null for all
     * @param type null for all
     * @param address null for all
     */
    public Page<ResourceView> page(
            UUID accountId,
            PageRequest request,
            @Nullable String name,
            @Nullable String called,
            @Nullable String type,
            @Nullable String address) {
        var narrowing = Narrowing.NONE
                .named(name)
                .called(called, "name", "address")
                .with("type", type)
                .with("address", address);
        return transactions.inAccount(accountId).search(transaction -> {
            var page = resources.page(accountId, request, narrowing);
            var ids = page.rows().stream().map(ResourceEntity::id).toList();
            var connections = connections(transaction, accountId, ids);
            return page.map(resource -> view(resource, connections));
        });
    }

    /** @throws RequestException when there is none */
    public ResourceView get(UUID accountId, UUID id) {
        return transactions.inAccount(accountId).call(transaction -> view(transaction, resources.get(accountId, id)));
    }

    /**
     * Creates a resource.
     *
     * @throws RequestException when something is missing, the address is not valid for the type, or a site does not exist
     */
    public ResourceView create(Transaction transaction, UUID accountId, ResourceWanted wanted) {
        if (wanted.name() == null) {
            throw RequestException.argument("name", "A new resource needs a name.");
        }
        if (wanted.type() == null) {
            throw RequestException.argument("type", "A new resource needs a type.");
        }
        if (wanted.connections() == null) {
            throw RequestException.argument("connections", "A new resource needs a site whose gateways serve it.");
        }
        var created = create(
                transaction,
                accountId,
                new NewResource(
                        ResourceType.of(wanted.type()),
                        wanted.address(),
                        wanted.name(),
                        wanted.addressDescription(),
                        siteIds(wanted.connections()),
                        wanted.filters() == null ? List.of() : FilterView.parse(wanted.filters())));
        if (wanted.ipStack() != null) {
            stack(created, wanted.ipStack());
            resources.flush();
        }
        return view(transaction, created);
    }

    /**
     * Creates a resource.
     *
     * @throws RequestException when the address is not valid for the type, or a site does not exist or none is named
     */
    public ResourceEntity create(Transaction transaction, UUID accountId, NewResource wanted) {
        if (wanted.siteIds().isEmpty()) {
            throw RequestException.invalid("A resource needs a site whose gateways serve it.");
        }
        if (wanted.name().isBlank() || wanted.name().length() > 255) {
            throw RequestException.invalid("A resource's name has 1 to 255 characters.");
        }
        if (wanted.type() == ResourceType.INTERNET
                && resources.count(
                                "accountId = ?1 and type = ?2",
                                accountId,
                                wanted.type().word())
                        > 0) {
            throw RequestException.conflict("The account has an internet resource already.");
        }
        if (wanted.type() == ResourceType.INTERNET) {
            Plans.require(transaction, accountId, Feature.INTERNET_RESOURCE);
        }
        if (!wanted.filters().isEmpty()) {
            Plans.require(transaction, accountId, Feature.TRAFFIC_FILTERS);
        }
        var resource = resources.added(new ResourceEntity(accountId, wanted));
        connect(transaction, resource, wanted.siteIds());
        return resource;
    }

    /**
     * Changes a resource. What has another address, or is served by other sites, is reached anew.
     *
     * @throws RequestException when there is none of this version, or it cannot become so
     */
    public ResourceView change(UUID accountId, UUID id, ResourceWanted wanted, Expected expected) {
        return transactions
                .inAccount(accountId)
                .call(transaction -> change(transaction, accountId, id, wanted, expected));
    }

    /** As {@link #change(UUID, UUID, ResourceWanted, Expected)}, as part of another transaction. */
    public ResourceView change(
            Transaction transaction, UUID accountId, UUID id, ResourceWanted wanted, Expected expected) {
        Turns.take(transaction, accountId);
        var resource = resources.take(accountId, id, expected);
        if (wanted.type() != null && !wanted.type().equals(resource.type().word())) {
            throw RequestException.argument("type", "What a resource is stays: create another.");
        }
        if (wanted.name() != null) {
            resource.rename(wanted.name());
        }
        if (wanted.address() != null) {
            resource.moveTo(wanted.address());
        }
        if (wanted.addressDescription() != null) {
            resource.describe(wanted.addressDescription());
        }
        if (wanted.ipStack() != null) {
            stack(resource, wanted.ipStack());
        }
        if (wanted.filters() != null) {
            if (!wanted.filters().isEmpty()) {
                Plans.require(transaction, accountId, Feature.TRAFFIC_FILTERS);
            }
            resource.filter(FilterView.parse(wanted.filters()));
        }
        resources.flush();
        if (wanted.connections() != null) {
            connect(transaction, resource, siteIds(wanted.connections()));
        }
        return view(transaction, resource);
    }

    /**
     * Deletes a resource with its policies: all access to it ends.
     *
     * @throws RequestException when there is none of this version
     */
    public ResourceView delete(UUID accountId, UUID id, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> delete(transaction, accountId, id, expected));
    }

    /** As {@link #delete(UUID, UUID, Expected)}, as part of another transaction. */
    public ResourceView delete(Transaction transaction, UUID accountId, UUID id, Expected expected) {
        Turns.take(transaction, accountId);
        var resource = resources.take(accountId, id, expected);
        var view = view(transaction, resource);
        resources.delete(resource);
        resources.flush();
        return view;
    }

    private static void stack(ResourceEntity resource, String ipStack) {
        if (resource.type() != ResourceType.DNS) {
            throw RequestException.argument("ip_stack", "Only names have an 'ip_stack'.");
        }
        resource.stack(ipStack);
    }

    /** Has these sites serve it, and no others. */
    private void connect(Transaction transaction, ResourceEntity resource, List<UUID> siteIds) {
        var wanted = TypedArray.ofIds(siteIds);
        if (transaction.one(UNKNOWN_SITES, row -> row.number("count"), wanted, resource.accountId()) > 0) {
            throw RequestException.argument("connections", "One of the sites does not exist.");
        }
        if (siteIds.size() > 1) {
            Plans.require(transaction, resource.accountId(), Feature.MULTI_SITE_RESOURCES);
        }
        transaction.update(CONNECT, resource.accountId(), resource.id(), wanted);
        transaction.update(DISCONNECT, resource.accountId(), resource.id(), wanted);
        resources.getEntityManager().refresh(resource);
    }

    private static List<UUID> siteIds(List<Connection> connections) {
        return connections.stream().map(Connection::gatewayGroupId).distinct().toList();
    }

    private static Map<UUID, List<ConnectionView>> connections(
            Transaction transaction, UUID accountId, List<UUID> ids) {
        record Served(UUID resourceId, ConnectionView by) {}
        return transaction
                .list(
                        CONNECTIONS,
                        row -> new Served(row.id("resource_id"), new ConnectionView(row.id("id"), row.text("name"))),
                        accountId,
                        TypedArray.ofIds(ids))
                .stream()
                .collect(
                        Collectors.groupingBy(Served::resourceId, Collectors.mapping(Served::by, Collectors.toList())));
    }

    private static ResourceView view(Transaction transaction, ResourceEntity resource) {
        return view(resource, connections(transaction, resource.accountId(), List.of(resource.id())));
    }

    private static ResourceView view(ResourceEntity resource, Map<UUID, List<ConnectionView>> connections) {
        return new ResourceView(
                resource.id(),
                resource.name(),
                resource.type().word(),
                resource.address(),
                resource.addressDescription(),
                resource.ipStack(),
                FilterView.of(resource.filters()),
                connections.getOrDefault(resource.id(), List.of()),
                resource.insertedAt(),
                resource.version());
    }
}
