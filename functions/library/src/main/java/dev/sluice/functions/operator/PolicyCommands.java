package dev.sluice.functions.operator;

import dev.sluice.functions.policy.Condition;
import dev.sluice.functions.policy.Policy;
import dev.sluice.functions.policy.PolicyService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Policies. One is meant by its id, by its resource, or by resource and group. */
@ApplicationScoped
class PolicyCommands implements OperatorCommands {
    private static final Set<String> WHICH = Set.of("policy", "group", Scope.ACCOUNT);

    private record Shown(
            UUID id,
            @Nullable String group,
            @Nullable String resource,
            boolean enabled,
            List<String> conditions,
            UUID resourceId) {}

    private final Scope scope;
    private final PolicyService policies;
    private final Names names;

    @Inject
    PolicyCommands(Scope scope, PolicyService policies, Names names) {
        this.scope = scope;
        this.policies = policies;
        this.names = names;
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
        UUID account = scope.account(arguments).id();
        Map<UUID, String> groups = names.groups(account);
        Map<UUID, String> resources = names.resources(account);
        return policies.list(account).stream()
                .map(policy -> show(policy, groups, resources))
                .toList();
    }

    private Shown create(OperatorArguments arguments) {
        UUID account = scope.account(arguments).id();
        List<Condition> conditions =
                arguments.texts("conditions").stream().map(Condition::parse).toList();
        return show(
                account,
                policies.create(
                        account,
                        scope.group(account, arguments.text("group")).id(),
                        scope.resource(account, arguments.text("resource")).id(),
                        conditions));
    }

    private Shown enable(OperatorArguments arguments) {
        UUID account = scope.account(arguments).id();
        Policy policy = find(account, arguments);
        policies.enable(account, policy.id());
        return show(account, policies.find(account, policy.id()));
    }

    private Shown disable(OperatorArguments arguments) {
        UUID account = scope.account(arguments).id();
        Policy policy = find(account, arguments);
        policies.disable(account, policy.id());
        return show(account, policies.find(account, policy.id()));
    }

    private Policy find(UUID account, OperatorArguments arguments) {
        String reference = arguments.text("policy");
        String group = arguments.optional("group");
        Map<UUID, String> groups = names.groups(account);
        Map<UUID, String> resources = names.resources(account);
        List<Policy> all = policies.list(account);
        if (all.stream().noneMatch(policy -> policy.id().toString().equalsIgnoreCase(reference))) {
            UUID resource = scope.resource(account, reference).id();
            UUID groupId = group == null ? null : scope.group(account, group).id();
            all = all.stream()
                    .filter(policy -> policy.resourceId().equals(resource))
                    .filter(policy -> groupId == null || policy.groupId().equals(groupId))
                    .toList();
            return References.one(
                    all,
                    "policy",
                    resources.getOrDefault(resource, reference),
                    Policy::id,
                    policy -> Stream.of(resources.get(policy.resourceId()), "for " + groups.get(policy.groupId())));
        }
        return References.one(all, "policy", reference, Policy::id, policy -> Stream.empty());
    }

    private Shown show(UUID account, Policy policy) {
        return show(policy, names.groups(account), names.resources(account));
    }

    private static Shown show(Policy policy, Map<UUID, String> groups, Map<UUID, String> resources) {
        return new Shown(
                policy.id(),
                Names.of(groups, policy.groupId()),
                Names.of(resources, policy.resourceId()),
                policy.enabled(),
                policy.conditions().stream()
                        .map(condition -> condition.property() + " " + condition.operator() + " "
                                + String.join(",", condition.values()))
                        .toList(),
                policy.resourceId());
    }
}
