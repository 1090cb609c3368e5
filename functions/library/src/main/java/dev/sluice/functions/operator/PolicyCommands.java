package dev.sluice.functions.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.functions.account.Account;
import dev.sluice.functions.policy.Condition;
import dev.sluice.functions.policy.Policy;
import dev.sluice.functions.policy.PolicyService;
import dev.sluice.functions.resource.ResourceRow;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Policies. One is meant by its id, by its resource, or by resource and group. */
@ApplicationScoped
class PolicyCommands implements OperatorCommands {
    private static final Set<String> WHICH = Set.of("policy", "group", Scope.ACCOUNT);

    private record Shown(
            UUID id,
            String account,
            @Nullable String group,
            @Nullable String resource,
            boolean enabled,
            List<String> conditions,
            UUID resourceId,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note) {
        /** As one of many. */
        Shown withoutNote() {
            return new Shown(id, account, group, resource, enabled, conditions, resourceId, null);
        }
    }

    private final Scope scope;
    private final PolicyService policies;
    private final Names names;
    private final Transactions transactions;

    @Inject
    PolicyCommands(Scope scope, PolicyService policies, Names names, Transactions transactions) {
        this.scope = scope;
        this.policies = policies;
        this.names = names;
        this.transactions = transactions;
    }

    @Override
    public List<OperatorCommand> commands() {
        return List.of(
                new OperatorCommand("policy/list", Set.of(Scope.ACCOUNT), this::list),
                new OperatorCommand(
                        "policy/create", Set.of("group", "resource", "conditions", Scope.ACCOUNT), this::create),
                new OperatorCommand("policy/enable", WHICH, this::enable),
                new OperatorCommand("policy/disable", WHICH, this::disable));
    }

    private List<Shown> list(OperatorArguments arguments) {
        return scope.accounts(arguments).stream().flatMap(this::list).toList();
    }

    private Stream<Shown> list(Account account) {
        List<Policy> all = policies.list(account.id());
        Map<UUID, String> called = names.of(account.id(), all.stream().flatMap(PolicyCommands::ids));
        return all.stream().map(policy -> show(account, policy, called).withoutNote());
    }

    private Shown create(OperatorArguments arguments) {
        List<Condition> conditions =
                arguments.texts("conditions").stream().map(Condition::parse).toList();
        String group = arguments.text("group");
        String reference = arguments.text("resource");
        var resource = scope.locate(arguments, account -> scope.resource(account, reference));
        UUID account = resource.accountId();
        UUID groupId = scope.group(account, group).id();
        UUID id = transactions.call(transaction -> policies.create(
                        transaction, account, groupId, resource.thing().id(), conditions)
                .id());
        return show(resource.account(), policies.find(account, id));
    }

    private Shown enable(OperatorArguments arguments) {
        var located = scope.locate(arguments, account -> find(account, arguments));
        policies.enable(located.accountId(), located.thing().id());
        return show(
                located.account(),
                policies.find(located.accountId(), located.thing().id()));
    }

    private Shown disable(OperatorArguments arguments) {
        var located = scope.locate(arguments, account -> find(account, arguments));
        policies.disable(located.accountId(), located.thing().id());
        return show(
                located.account(),
                policies.find(located.accountId(), located.thing().id()));
    }

    private Policy find(UUID account, OperatorArguments arguments) {
        String reference = arguments.text("policy");
        UUID id = Ids.parse(reference);
        Optional<Policy> exact = id == null ? Optional.empty() : policies.look(account, id);
        if (exact.isPresent()) {
            return exact.get();
        }
        ResourceRow resource = scope.resource(account, reference);
        String group = arguments.optional("group");
        UUID groupId = group == null ? null : scope.group(account, group).id();
        List<Policy> fitting = policies.list(account, resource.id()).stream()
                .filter(policy -> groupId == null || policy.groupId().equals(groupId))
                .toList();
        Map<UUID, String> groups = names.of(account, fitting.stream().map(Policy::groupId));
        return References.one(
                "policy",
                reference,
                fitting,
                List::of,
                Policy::id,
                policy -> Stream.of(reference, "for " + groups.get(policy.groupId())));
    }

    private static Stream<UUID> ids(Policy policy) {
        return Stream.of(policy.groupId(), policy.resourceId());
    }

    private Shown show(Account account, Policy policy) {
        return show(account, policy, names.of(account.id(), ids(policy)));
    }

    private static Shown show(Account account, Policy policy, Map<UUID, String> called) {
        String cautions = policy.conditions().stream()
                .map(Condition::caution)
                .flatMap(Optional::stream)
                .collect(Collectors.joining("\n"));
        return new Shown(
                policy.id(),
                account.slug(),
                Names.of(called, policy.groupId()),
                Names.of(called, policy.resourceId()),
                policy.enabled(),
                policy.conditions().stream().map(Condition::text).toList(),
                policy.resourceId(),
                cautions.isEmpty() ? null : cautions);
    }
}
