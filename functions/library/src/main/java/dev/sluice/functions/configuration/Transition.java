package dev.sluice.functions.configuration;

import dev.sluice.functions.actor.GroupService;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.policy.Condition;
import dev.sluice.functions.policy.PolicyProposal;
import dev.sluice.functions.policy.PolicyService;
import dev.sluice.functions.policy.PolicyTestService;
import dev.sluice.functions.policy.PolicyTestWanted;
import dev.sluice.functions.policy.PolicyWanted;
import dev.sluice.functions.resource.Connection;
import dev.sluice.functions.resource.FilterText;
import dev.sluice.functions.resource.FilterView;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.resource.ResourceWanted;
import dev.sluice.functions.site.SiteService;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The way of an account to what a document says, within one transaction. Insertions first, deletions last: what others wait
 * for is done late.
 */
final class Transition {
    /** By what it is gone. */
    record Services(
            SiteService sites,
            GroupService groups,
            ResourceService resources,
            PolicyService policies,
            PolicyTestService tests) {}

    private static final String CREATE = "create";
    private static final String CHANGE = "change";
    private static final String REMOVE = "remove";

    private final Services services;
    private final Transaction transaction;
    private final UUID accountId;
    private final Current current;
    private final Map<String, UUID> siteIds;
    private final Map<String, UUID> groupIds;
    private final Map<String, UUID> resourceIds = new HashMap<>();
    private final List<Plan.Step> steps = new ArrayList<>();
    private final List<Runnable> removals = new ArrayList<>();

    Transition(Services services, Transaction transaction, UUID accountId) {
        this.services = services;
        this.transaction = transaction;
        this.accountId = accountId;
        this.current = Current.read(transaction, accountId);
        this.siteIds = new HashMap<>(current.sites());
        this.groupIds = new HashMap<>(current.groups());
        current.resources().forEach((name, has) -> resourceIds.put(name, has.id()));
    }

    /** @return what was done */
    List<Plan.Step> towards(Configuration wanted) {
        if (wanted.sites() != null) {
            sites(names(
                    "sites",
                    wanted.sites().stream().map(Configuration.Site::name).toList()));
        }
        if (wanted.groups() != null) {
            groups(names(
                    "groups",
                    wanted.groups().stream().map(Configuration.Group::name).toList()));
        }
        if (wanted.resources() != null) {
            names(
                    "resources",
                    wanted.resources().stream()
                            .map(Configuration.Resource::name)
                            .toList());
            resources(wanted.resources());
        }
        if (wanted.policies() != null) {
            names(
                    "policies",
                    wanted.policies().stream()
                            .map(policy -> Current.Pair.of(policy).toString())
                            .toList());
            policies(wanted.policies());
        }
        if (wanted.policyTests() != null) {
            names(
                    "policy_tests",
                    wanted.policyTests().stream().map(Configuration.Test::name).toList());
            tests(wanted.policyTests());
        }
        removals.reversed().forEach(Runnable::run);
        return steps;
    }

    private Set<String> names(String section, List<String> names) {
        var different = new LinkedHashSet<String>();
        names.stream().filter(name -> !different.add(name)).findFirst().ifPresent(twice -> {
            throw RequestException.argument(section, "'" + twice + "' is there twice.");
        });
        return different;
    }

    private void sites(Set<String> wanted) {
        for (String name : wanted) {
            if (!siteIds.containsKey(name)) {
                siteIds.put(
                        name,
                        services.sites().create(transaction, accountId, name).id());
                step(CREATE, "site", name);
            }
        }
        current.sites().forEach((name, id) -> {
            if (!wanted.contains(name) && !name.equals(current.internetSite())) {
                siteIds.remove(name);
                remove("site", name, () -> services.sites().delete(transaction, accountId, id, Expected.ANY));
            }
        });
    }

    private void groups(Set<String> wanted) {
        for (String name : wanted) {
            if (!groupIds.containsKey(name)) {
                groupIds.put(
                        name,
                        services.groups().create(transaction, accountId, name).id());
                step(CREATE, "group", name);
            }
        }
        current.groups().forEach((name, id) -> {
            if (!wanted.contains(name) && !name.equals(current.everyone())) {
                groupIds.remove(name);
                remove("group", name, () -> services.groups().delete(transaction, accountId, id, Expected.ANY));
            }
        });
    }

    private void resources(List<Configuration.Resource> wanted) {
        var kept = new HashSet<String>();
        for (var resource : wanted) {
            var has = current.resources().get(resource.name());
            if (has != null && has.thing().type().equals(resource.type())) {
                kept.add(resource.name());
                change(has, resource);
            } else {
                if (resource.sites() == null) {
                    throw RequestException.argument(
                            "resources",
                            "The resource '" + resource.name() + "' needs a site whose gateways serve it.");
                }
                var created = services.resources().create(transaction, accountId, wanted(resource));
                resourceIds.put(resource.name(), created.id());
                step(CREATE, "resource", resource.name());
            }
        }
        current.resources().forEach((name, has) -> {
            if (!kept.contains(name)) {
                resourceIds.remove(name, has.id());
                remove(
                        "resource",
                        name,
                        () -> services.resources().delete(transaction, accountId, has.id(), Expected.ANY));
            }
        });
    }

    private void change(Current.Has<Configuration.Resource> has, Configuration.Resource resource) {
        long before = transaction.one(
                "SELECT version FROM resource WHERE account_id = ? AND id = ?",
                row -> row.number("version"),
                accountId,
                has.id());
        var changed = services.resources().change(transaction, accountId, has.id(), wanted(resource), Expected.ANY);
        if (changed.version() != before) {
            var changes = new Changes()
                    .of("address", has.thing().address(), changed.address())
                    .of("address_description", has.thing().addressDescription(), changed.addressDescription())
                    .of("ip_stack", has.thing().ipStack(), changed.ipStack())
                    .of("filters", has.thing().filters(), texts(resource.filters()))
                    .of(
                            "sites",
                            has.thing().sites(),
                            resource.sites() == null
                                    ? has.thing().sites()
                                    : resource.sites().stream().sorted().toList());
            steps.add(new Plan.Step(CHANGE, "resource", resource.name(), changes.list()));
        }
    }

    private ResourceWanted wanted(Configuration.Resource resource) {
        return new ResourceWanted(
                resource.name(),
                resource.type(),
                resource.address(),
                resource.addressDescription(),
                resource.ipStack(),
                FilterView.of(FilterText.parse(texts(resource.filters()))),
                resource.sites() == null
                        ? null
                        : resource.sites().stream()
                                .map(site -> new Connection(known("sites", "site", siteIds, site)))
                                .toList());
    }

    private void policies(List<Configuration.Policy> wanted) {
        var kept = new HashSet<Current.Pair>();
        for (var policy : wanted) {
            var pair = Current.Pair.of(policy);
            UUID group = known("policies", "group", groupIds, policy.group());
            UUID resource = known("policies", "resource", resourceIds, policy.resource());
            var has = current.policies().get(pair);
            var conditions = Objects.requireNonNullElse(policy.conditions(), List.<PolicyWanted.Demand>of());
            boolean disabled = Boolean.TRUE.equals(policy.disabled());
            if (has == null || !isOfBefore(policy.resource(), resource)) {
                carryOut(new PolicyProposal(
                        List.of(new PolicyWanted(group, resource, policy.description(), conditions, disabled)),
                        null,
                        null));
                step(CREATE, "policy", pair.toString());
                continue;
            }
            kept.add(pair);
            var changes = new Changes()
                    .of("description", has.thing().description(), described(policy, has.thing()))
                    .of("conditions", normal(has.thing().conditions()), normal(conditions))
                    .of("disabled", Boolean.TRUE.equals(has.thing().disabled()), disabled);
            if (!changes.list().isEmpty()) {
                carryOut(new PolicyProposal(
                        null,
                        List.of(new PolicyProposal.Change(
                                has.id(), new PolicyWanted(null, null, policy.description(), conditions, disabled))),
                        null));
                steps.add(new Plan.Step(CHANGE, "policy", pair.toString(), changes.list()));
            }
        }
        current.policies().forEach((pair, has) -> {
            if (!kept.contains(pair)) {
                remove("policy", pair.toString(), () -> carryOut(new PolicyProposal(null, null, List.of(has.id()))));
            }
        });
    }

    /** Whether a resource is the one of before, and not another of the same name. */
    private boolean isOfBefore(String name, UUID id) {
        var before = current.resources().get(name);
        return before != null && before.id().equals(id);
    }

    /** A description that is absent stays. */
    private static @Nullable String described(Configuration.Policy policy, Configuration.Policy before) {
        return policy.description() == null ? before.description() : policy.description();
    }

    private void carryOut(PolicyProposal proposal) {
        services.policies().carryOut(transaction, accountId, proposal);
    }

    private void tests(List<Configuration.Test> wanted) {
        var kept = new HashSet<String>();
        for (var test : wanted) {
            var has = current.tests().get(test.name());
            UUID actor = actor(test.actor());
            UUID resource = known("policy_tests", "resource", resourceIds, test.resource());
            var becomes = new PolicyTestWanted(
                    test.name(),
                    actor,
                    resource,
                    test.canReach(),
                    test.at(),
                    test.remoteIp(),
                    test.region(),
                    Boolean.TRUE.equals(test.verified()));
            if (has != null && isSo(has.id(), becomes)) {
                kept.add(test.name());
            } else {
                if (has != null) {
                    services.tests().delete(transaction, accountId, has.id(), Expected.ANY);
                    kept.add(test.name());
                }
                services.tests().create(transaction, accountId, becomes);
                step(has == null ? CREATE : CHANGE, "policy_test", test.name());
            }
        }
        current.tests().forEach((name, has) -> {
            if (!kept.contains(name)) {
                remove(
                        "policy_test",
                        name,
                        () -> services.tests().delete(transaction, accountId, has.id(), Expected.ANY));
            }
        });
    }

    /** Whether a test asserts this already, of these very two: their names may stand for others by now. */
    private boolean isSo(UUID id, PolicyTestWanted wanted) {
        return transaction
                .one(
                        """
                        SELECT name, actor_id, resource_id, can_reach, at, remote_ip, region, verified
                        FROM policy_test WHERE account_id = ? AND id = ?
                        """,
                        row -> new PolicyTestWanted(
                                row.text("name"),
                                row.id("actor_id"),
                                row.id("resource_id"),
                                row.flag("can_reach"),
                                row.optionalInstant("at"),
                                row.optionalText("remote_ip"),
                                row.optionalText("region"),
                                row.flag("verified")),
                        accountId,
                        id)
                .equals(wanted);
    }

    private UUID actor(String called) {
        var ids = transaction.list(
                "SELECT id FROM actor WHERE account_id = ? AND (email = ? OR name = ?) LIMIT 2",
                row -> row.id("id"),
                accountId,
                called,
                called);
        if (ids.size() != 1) {
            throw RequestException.argument(
                    "policy_tests",
                    ids.isEmpty()
                            ? "There is no actor '" + called + "'."
                            : "There is more than one actor '" + called + "': write an e-mail address.");
        }
        return ids.getFirst();
    }

    private static UUID known(String section, String what, Map<String, UUID> ids, String name) {
        UUID id = ids.get(name);
        if (id == null) {
            throw RequestException.argument(section, "There is no " + what + " '" + name + "'.");
        }
        return id;
    }

    private static List<String> normal(@Nullable List<PolicyWanted.Demand> demands) {
        return Objects.requireNonNullElse(demands, List.<PolicyWanted.Demand>of()).stream()
                .map(demand -> Condition.of(demand.property(), demand.operator(), demand.values())
                        .toString())
                .toList();
    }

    private static List<String> texts(@Nullable List<String> filters) {
        return FilterText.format(FilterText.parse(Objects.requireNonNullElse(filters, List.<String>of())));
    }

    private void step(String action, String kind, String name) {
        steps.add(new Plan.Step(action, kind, name, List.of()));
    }

    /** What goes with something that goes is not there any more when its turn comes. */
    private void remove(String kind, String name, Runnable removal) {
        removals.add(() -> {
            removal.run();
            step(REMOVE, kind, name);
        });
    }

    /** In words, what becomes of what. */
    private static final class Changes {
        private final List<String> list = new ArrayList<>();

        Changes of(String field, @Nullable Object before, @Nullable Object after) {
            if (!Objects.equals(before, after)) {
                list.add(field + ": " + Objects.requireNonNullElse(before, "none") + " → "
                        + Objects.requireNonNullElse(after, "none"));
            }
            return this;
        }

        List<String> list() {
            return list;
        }
    }
}
