package dev.sluice.functions.configuration;

import dev.sluice.functions.actor.GroupService;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.policy.Condition;
import dev.sluice.functions.policy.PolicyProposal;
import dev.sluice.functions.policy.PolicyService;
import dev.sluice.functions.policy.PolicyTestRuns;
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
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads an account's configuration as a document, and makes it as a document says. */
@ApplicationScoped
public class ConfigurationService {
    private static final String FLOWS = """
            SELECT f.id, a.name AS actor, c.name AS client, r.name AS resource
            FROM flow f
            JOIN client c ON c.account_id = f.account_id AND c.id = f.client_id
            JOIN actor a ON a.account_id = c.account_id AND a.id = c.actor_id
            JOIN resource r ON r.account_id = f.account_id AND r.id = f.resource_id
            WHERE f.account_id = ? ORDER BY f.id
            """;

    private final Transactions transactions;
    private final SiteService sites;
    private final GroupService groups;
    private final ResourceService resources;
    private final PolicyService policies;
    private final PolicyTestService tests;
    private final PolicyTestRuns runs;

    @Inject
    ConfigurationService(
            Transactions transactions,
            SiteService sites,
            GroupService groups,
            ResourceService resources,
            PolicyService policies,
            PolicyTestService tests,
            PolicyTestRuns runs) {
        this.transactions = transactions;
        this.sites = sites;
        this.groups = groups;
        this.resources = resources;
        this.policies = policies;
        this.tests = tests;
        this.runs = runs;
    }

    /** @throws RequestException when names do not tell things apart */
    public Configuration export(UUID accountId) {
        return transactions.read(
                transaction -> Current.read(transaction, accountId).document());
    }

    /**
     * Makes an account's configuration so, in one transaction.
     *
     * @param dryRun whether it is to be taken back: what remains is the plan
     * @throws RequestException when it cannot be so, or a policy test is in the way
     */
    public Plan apply(UUID accountId, Configuration wanted, boolean dryRun) {
        return dryRun
                ? transactions.attempt(transaction -> apply(transaction, accountId, wanted, false))
                : transactions.call(transaction ->
                        runs.keeping(transaction, accountId, () -> apply(transaction, accountId, wanted, true)));
    }

    private Plan apply(Transaction transaction, UUID accountId, Configuration wanted, boolean stays) {
        Turns.take(transaction, accountId);
        var before = flows(transaction, accountId);
        var steps = new Work(transaction, accountId, Current.read(transaction, accountId)).towards(wanted);
        var after = flows(transaction, accountId);
        var endings = before.entrySet().stream()
                .filter(flow -> !after.containsKey(flow.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        return new Plan(stays, steps, endings.stream().limit(Plan.SOME_ENDINGS).toList(), endings.size());
    }

    private static Map<UUID, Plan.Ending> flows(Transaction transaction, UUID accountId) {
        Map<UUID, Plan.Ending> flows = new LinkedHashMap<>();
        transaction
                .list(
                        FLOWS,
                        row -> Map.entry(
                                row.id("id"),
                                new Plan.Ending(row.text("actor"), row.text("client"), row.text("resource"))),
                        accountId)
                .forEach(flow -> flows.put(flow.getKey(), flow.getValue()));
        return flows;
    }

    /** Insertions first, deletions last: what others wait for is done late. */
    private final class Work {
        private static final String CREATE = "create";
        private static final String CHANGE = "change";
        private static final String REMOVE = "remove";

        private final Transaction transaction;
        private final UUID accountId;
        private final Current current;
        private final Map<String, UUID> siteIds;
        private final Map<String, UUID> groupIds;
        private final Map<String, UUID> resourceIds = new HashMap<>();
        private final List<Plan.Step> steps = new ArrayList<>();
        private final List<Runnable> removals = new ArrayList<>();

        Work(Transaction transaction, UUID accountId, Current current) {
            this.transaction = transaction;
            this.accountId = accountId;
            this.current = current;
            this.siteIds = new HashMap<>(current.sites());
            this.groupIds = new HashMap<>(current.groups());
            current.resources().forEach((name, has) -> resourceIds.put(name, has.id()));
        }

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
                        wanted.policyTests().stream()
                                .map(Configuration.Test::name)
                                .toList());
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
                    siteIds.put(name, sites.create(transaction, accountId, name).id());
                    step(CREATE, "site", name);
                }
            }
            current.sites().forEach((name, id) -> {
                if (!wanted.contains(name) && !name.equals(current.internetSite())) {
                    siteIds.remove(name);
                    remove("site", name, () -> sites.delete(transaction, accountId, id, Expected.ANY));
                }
            });
        }

        private void groups(Set<String> wanted) {
            for (String name : wanted) {
                if (!groupIds.containsKey(name)) {
                    groupIds.put(
                            name, groups.create(transaction, accountId, name).id());
                    step(CREATE, "group", name);
                }
            }
            current.groups().forEach((name, id) -> {
                if (!wanted.contains(name) && !name.equals(current.everyone())) {
                    groupIds.remove(name);
                    remove("group", name, () -> groups.delete(transaction, accountId, id, Expected.ANY));
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
                    var created = resources.create(transaction, accountId, wanted(resource));
                    resourceIds.put(resource.name(), created.id());
                    step(CREATE, "resource", resource.name());
                }
            }
            current.resources().forEach((name, has) -> {
                if (!kept.contains(name)) {
                    resourceIds.remove(name, has.id());
                    remove("resource", name, () -> resources.delete(transaction, accountId, has.id(), Expected.ANY));
                }
            });
        }

        private void change(Current.Has<Configuration.Resource> has, Configuration.Resource resource) {
            long before = transaction.one(
                    "SELECT version FROM resource WHERE account_id = ? AND id = ?",
                    row -> row.number("version"),
                    accountId,
                    has.id());
            var changed = resources.change(transaction, accountId, has.id(), wanted(resource), Expected.ANY);
            if (changed.version() != before) {
                var changes = new Changes()
                        .of("address", has.thing().address(), changed.address())
                        .of("address_description", has.thing().addressDescription(), changed.addressDescription())
                        .of("ip_stack", has.thing().ipStack(), changed.ipStack())
                        .of("filters", has.thing().filters(), texts(resource.filters()))
                        .of(
                                "sites",
                                has.thing().sites(),
                                resource.sites().stream().sorted().toList());
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
                    resource.sites().stream()
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
                                    has.id(),
                                    new PolicyWanted(null, null, policy.description(), conditions, disabled))),
                            null));
                    steps.add(new Plan.Step(CHANGE, "policy", pair.toString(), changes.list()));
                }
            }
            current.policies().forEach((pair, has) -> {
                if (!kept.contains(pair)) {
                    remove(
                            "policy",
                            pair.toString(),
                            () -> carryOut(new PolicyProposal(null, null, List.of(has.id()))));
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
            policies.carryOut(transaction, accountId, proposal);
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
                if (has != null && has.thing().equals(test)) {
                    kept.add(test.name());
                } else {
                    if (has != null) {
                        tests.delete(transaction, accountId, has.id(), Expected.ANY);
                        kept.add(test.name());
                    }
                    tests.create(transaction, accountId, becomes);
                    step(has == null ? CREATE : CHANGE, "policy_test", test.name());
                }
            }
            current.tests().forEach((name, has) -> {
                if (!kept.contains(name)) {
                    remove("policy_test", name, () -> tests.delete(transaction, accountId, has.id(), Expected.ANY));
                }
            });
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
