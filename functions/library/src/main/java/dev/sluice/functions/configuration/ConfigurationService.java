package dev.sluice.functions.configuration;

import dev.sluice.functions.actor.GroupService;
import dev.sluice.functions.policy.PolicyService;
import dev.sluice.functions.policy.PolicyTestRuns;
import dev.sluice.functions.policy.PolicyTestService;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.site.SiteService;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

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
    private final Transition.Services services;
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
        this.services = new Transition.Services(sites, groups, resources, policies, tests);
        this.runs = runs;
    }

    /** @throws RequestException when names do not tell things apart */
    public Configuration export(UUID accountId) {
        return transactions
                .inAccount(accountId)
                .read(transaction -> Current.read(transaction, accountId).document());
    }

    /**
     * Makes an account's configuration so, in one transaction.
     *
     * @param dryRun whether it is to be taken back: what remains is the plan
     * @throws RequestException when it cannot be so, or a policy test is in the way
     */
    public Plan apply(UUID accountId, Configuration wanted, boolean dryRun) {
        return dryRun
                ? transactions.inAccount(accountId).attempt(transaction -> apply(transaction, accountId, wanted, false))
                : transactions
                        .inAccount(accountId)
                        .call(transaction -> runs.keeping(
                                transaction, accountId, () -> apply(transaction, accountId, wanted, true)));
    }

    private Plan apply(Transaction transaction, UUID accountId, Configuration wanted, boolean stays) {
        Turns.take(transaction, accountId);
        var before = flows(transaction, accountId);
        var steps = new Transition(services, transaction, accountId).towards(wanted);
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
}
