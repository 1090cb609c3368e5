package dev.sluice.functions.operator;

import dev.sluice.functions.policy.AccessOverview;
import dev.sluice.functions.policy.Condition;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who may reach a resource, and what an actor may reach. */
@ApplicationScoped
class AccessCommands implements OperatorCommands {
    private record Who(String actor, @Nullable String email, String group, List<String> conditions, UUID policyId) {}

    private record What(
            String resource, @Nullable String address, String group, List<String> conditions, UUID policyId) {}

    private static final int DEFAULT_LIMIT = 200;

    private final Scope scope;
    private final AccessOverview overview;

    @Inject
    AccessCommands(Scope scope, AccessOverview overview) {
        this.scope = scope;
        this.overview = overview;
    }

    @Override
    public List<OperatorCommand> commands() {
        return List.of(
                new OperatorCommand("access/who", Set.of("resource", "limit", Scope.ACCOUNT), this::who),
                new OperatorCommand("access/what", Set.of("actor", "limit", Scope.ACCOUNT), this::what));
    }

    private List<Who> who(OperatorArguments arguments) {
        String reference = arguments.text("resource");
        int limit = arguments.limit(DEFAULT_LIMIT);
        var located = scope.locate(arguments, account -> scope.resource(account, reference));
        return overview.toResource(located.accountId(), located.thing().id(), limit).stream()
                .map(way -> new Who(way.actor(), way.email(), way.group(), texts(way), way.policyId()))
                .toList();
    }

    private List<What> what(OperatorArguments arguments) {
        String reference = arguments.text("actor");
        int limit = arguments.limit(DEFAULT_LIMIT);
        var located = scope.locate(arguments, account -> scope.actor(account, reference));
        return overview.ofActor(located.accountId(), located.thing().id(), limit).stream()
                .map(way -> new What(way.resource(), way.address(), way.group(), texts(way), way.policyId()))
                .toList();
    }

    private static List<String> texts(AccessOverview.Way way) {
        return way.conditions().stream().map(Condition::text).toList();
    }
}
