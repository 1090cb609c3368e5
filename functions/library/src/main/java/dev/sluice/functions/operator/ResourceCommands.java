package dev.sluice.functions.operator;

import dev.sluice.channel.Site;
import dev.sluice.functions.resource.FilterText;
import dev.sluice.functions.resource.NewResource;
import dev.sluice.functions.resource.ResourceRow;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.resource.ResourceType;
import dev.sluice.functions.sql.RequestException;
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
            UUID id, String name, String type, @Nullable String address, List<String> filters, List<String> sites) {
        static Shown of(ResourceRow row) {
            return new Shown(
                    row.id(),
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

    @Inject
    ResourceCommands(Scope scope, ResourceService resources) {
        this.scope = scope;
        this.resources = resources;
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
        return resources.list(scope.account(arguments).id()).stream()
                .map(Shown::of)
                .toList();
    }

    private Shown create(OperatorArguments arguments) {
        UUID account = scope.account(arguments).id();
        Site site = scope.site(account, arguments.text("site"));
        return Shown.of(resources.create(
                account,
                new NewResource(
                        type(arguments.text("type")),
                        arguments.optional("address"),
                        arguments.text("name"),
                        null,
                        List.of(site.id()),
                        FilterText.parse(arguments.texts("filters")))));
    }

    private Shown setFilters(OperatorArguments arguments) {
        UUID account = scope.account(arguments).id();
        ResourceRow resource = scope.resource(account, arguments.text("resource"));
        resources.setFilters(account, resource.id(), FilterText.parse(arguments.texts("filters")));
        return Shown.of(scope.resource(account, resource.id().toString()));
    }

    private Deleted delete(OperatorArguments arguments) {
        UUID account = scope.account(arguments).id();
        ResourceRow resource = scope.resource(account, arguments.text("resource"));
        resources.delete(account, resource.id());
        return new Deleted(resource.id(), resource.name());
    }

    private static ResourceType type(String word) {
        try {
            return ResourceType.of(word);
        } catch (IllegalArgumentException e) {
            throw RequestException.invalid("'" + word + "' is not a type of resource. Use cidr, ip, dns or internet.");
        }
    }
}
