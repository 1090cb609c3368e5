package dev.sluice.functions.policy;

import dev.sluice.channel.Reason;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs an account's policy tests on the policies as they are within a transaction: by the evaluation that decides. */
@ApplicationScoped
public class PolicyTestRuns {
    /**
     * What became of a test.
     *
     * @param canReach what it asserts
     * @param reason why they cannot, if they cannot: the code of the typed reason
     * @param properties for a condition, what is violated
     */
    public record Outcome(
            UUID id,
            String name,
            String actor,
            String resource,
            boolean canReach,
            boolean passed,
            @Nullable String reason,
            List<String> properties) {}

    private record Test(
            UUID id,
            String name,
            String actor,
            String resource,
            boolean canReach,
            @Nullable Reason ended,
            Subject subject,
            List<PolicyChoice.Candidate> policies) {
        static Test read(Row row) {
            return new Test(
                    row.id("id"),
                    row.text("name"),
                    row.text("actor"),
                    row.text("resource"),
                    row.flag("can_reach"),
                    row.flag("disabled") ? Reason.ACTOR_DISABLED : null,
                    new Subject(
                            row.optionalText("remote_ip"),
                            row.optionalText("region"),
                            null,
                            row.flag("verified"),
                            row.instant("at")),
                    new ArrayList<>());
        }

        Outcome outcome() {
            var choice = ended == null ? PolicyChoice.choose(policies, subject) : null;
            boolean reaches = choice instanceof PolicyChoice.Allowed;
            var refused = choice instanceof PolicyChoice.Refused detailed ? detailed.detail() : null;
            var reason = refused == null ? ended : refused.reason();
            return new Outcome(
                    id,
                    name,
                    actor,
                    resource,
                    canReach,
                    reaches == canReach,
                    reason == null ? null : reason.code(),
                    refused == null ? List.of() : refused.properties());
        }
    }

    private static final String TESTS = """
            SELECT t.id, t.name, a.name AS actor, r.name AS resource, t.can_reach, a.disabled_at IS NOT NULL AS disabled,
                   t.remote_ip, t.region, t.verified, coalesce(t.at, clock_timestamp()) AS at
            FROM policy_test t
            JOIN actor a ON a.account_id = t.account_id AND a.id = t.actor_id
            JOIN resource r ON r.account_id = t.account_id AND r.id = t.resource_id
            WHERE t.account_id = ? ORDER BY t.id
            """;

    private static final String POLICIES = """
            SELECT t.id AS test_id, p.id, p.disabled_at IS NULL AS enabled, p.conditions, reached.membership_id
            FROM policy_test t
            JOIN reached_actor reached ON reached.account_id = t.account_id AND reached.actor_id = t.actor_id
            JOIN policy p ON p.account_id = t.account_id AND p.resource_id = t.resource_id
                AND p.group_id = reached.group_id
            WHERE t.account_id = ? ORDER BY p.id
            """;

    private record Reaching(UUID testId, PolicyChoice.Candidate policy) {}

    /** What becomes of each test now, in the order of their making. */
    List<Outcome> run(Transaction transaction, UUID accountId) {
        Map<UUID, Test> tests = new LinkedHashMap<>();
        transaction.list(TESTS, Test::read, accountId).forEach(test -> tests.put(test.id(), test));
        if (tests.isEmpty()) {
            return List.of();
        }
        transaction
                .list(POLICIES, row -> new Reaching(row.id("test_id"), PolicyRows.policy(row)), accountId)
                .forEach(reaching -> {
                    Test test = tests.get(reaching.testId());
                    // One that was made since the tests were read is run the next time.
                    if (test != null) {
                        test.policies().add(reaching.policy());
                    }
                });
        return tests.values().stream().map(Test::outcome).toList();
    }

    /**
     * Makes a change, and refuses it if it breaks a test and the account wants that. What was broken before may stay so.
     *
     * @throws RequestException when it does
     */
    public <T> T keeping(Transaction transaction, UUID accountId, Supplier<T> change) {
        boolean enforced = transaction
                .first(
                        "SELECT policy_tests_enforced FROM account WHERE id = ?",
                        row -> row.flag("policy_tests_enforced"),
                        accountId)
                .orElse(false);
        if (!enforced) {
            return change.get();
        }
        var broken = failing(transaction, accountId).stream().map(Outcome::id).collect(Collectors.toSet());
        T changed = change.get();
        var newly = failing(transaction, accountId).stream()
                .filter(outcome -> !broken.contains(outcome.id()))
                .toList();
        if (!newly.isEmpty()) {
            throw RequestException.conflict("That would break "
                    + newly.stream()
                            .map(outcome -> "the policy test '" + outcome.name() + "' ("
                                    + outcome.actor() + (outcome.canReach() ? " could not" : " could") + " reach "
                                    + outcome.resource() + ")")
                            .collect(Collectors.joining(", "))
                    + ". Change the test first, or let the account not enforce its policy tests.");
        }
        return changed;
    }

    private List<Outcome> failing(Transaction transaction, UUID accountId) {
        return run(transaction, accountId).stream()
                .filter(outcome -> !outcome.passed())
                .toList();
    }
}
