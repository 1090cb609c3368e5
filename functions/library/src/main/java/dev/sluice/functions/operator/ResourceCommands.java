package dev.sluice.functions.operator;

import dev.sluice.channel.Filter;
import dev.sluice.channel.Site;
import dev.sluice.functions.account.Account;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.resource.FilterText;
import dev.sluice.functions.resource.NewResource;
import dev.sluice.functions.resource.ResourceRow;
import dev.sluice.functions.resource.ResourceRows;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.resource.ResourceType;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Resources. */
@ApplicationScoped
class ResourceCommands implements OperatorCommands {
    private record Shown(
            UUID id,
            String account,
            String name,
            String type,
            @Nullable String address,
            List<String> filters,
            List<String> sites) {
        static Shown of(Account account, ResourceRow row) {
            return new Shown(
                    row.id(),
                    account.slug(),
                    row.name(),
                    row.type().word(),
                    row.address(),
                    FilterText.format(row.filters()),
                    row.sites().stream().map(Site::name).toList());
        }
    }

    private record Deleted(UUID deleted, String name) {}

    private final Scope scope;
    private final ResourceService resources;
    private final ResourceRows rows;
    private final Transactions transactions;

    @Inject
    ResourceCommands(Scope scope, ResourceService resources, ResourceRows rows, Transactions transactions) {
        this.scope = scope;
        this.resources = resources;
        this.rows = rows;
        this.transactions = transactions;
    }

    @Override
    public List<OperatorCommand> commands() {
        return List.of(
                new OperatorCommand("resource/list", Set.of(Scope.ACCOUNT), this::list),
                new OperatorCommand(
                        "resource/create",
                        Set.of("type", "address", "site", "name", "filters", Scope.ACCOUNT),
                        this::create),
                new OperatorCommand(
                        "resource/set-filters", Set.of("resource", "filters", Scope.ACCOUNT), this::setFilters),
                new OperatorCommand("resource/delete", Set.of("resource", Scope.ACCOUNT), this::delete));
    }

    private List<Shown> list(OperatorArguments arguments) {
        return scope.accounts(arguments).stream()
                .flatMap(account -> rows.list(account.id(), null).stream().map(resource -> Shown.of(account, resource)))
                .toList();
    }

    private Shown create(OperatorArguments arguments) {
        ResourceType type = type(arguments.text("type"));
        String name = arguments.text("name");
        List<Filter> filters = FilterText.parse(arguments.texts("filters"));
        String reference = arguments.text("site");
        var located = scope.locate(arguments, account -> scope.site(account, reference));
        var wanted = new NewResource(
                type,
                arguments.optional("address"),
                name,
                null,
                List.of(located.thing().id()),
                filters);
        UUID id = transactions.call(transaction ->
                resources.create(transaction, located.accountId(), wanted).id());
        return Shown.of(located.account(), rows.find(located.accountId(), id));
    }

    private Shown setFilters(OperatorArguments arguments) {
        List<Filter> filters = FilterText.parse(arguments.texts("filters"));
        var located = find(arguments);
        UUID id = located.thing().id();
        resources.setFilters(located.accountId(), id, filters);
        return Shown.of(located.account(), rows.find(located.accountId(), id));
    }

    private Deleted delete(OperatorArguments arguments) {
        var located = find(arguments);
        resources.delete(located.accountId(), located.thing().id(), Expected.ANY);
        return new Deleted(located.thing().id(), located.thing().name());
    }

    private Scope.Located<ResourceRow> find(OperatorArguments arguments) {
        String reference = arguments.text("resource");
        return scope.locate(arguments, account -> scope.resource(account, reference));
    }

    private static ResourceType type(String word) {
        try {
            return ResourceType.of(word);
        } catch (IllegalArgumentException e) {
            throw RequestException.invalid("'" + word + "' is not a type of resource. Use cidr, ip, dns or internet.");
        }
    }
}
