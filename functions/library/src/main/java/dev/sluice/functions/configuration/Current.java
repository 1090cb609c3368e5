package dev.sluice.functions.configuration;

import dev.sluice.functions.policy.Condition;
import dev.sluice.functions.policy.PolicyWanted;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * What an account has now, by names, each with its id. The site of the internet and the group of everyone are there, and
 * nothing is done to them.
 */
record Current(
        Map<String, UUID> sites,
        Map<String, UUID> groups,
        Map<String, Has<Configuration.Resource>> resources,
        Map<Current.Pair, Has<Configuration.Policy>> policies,
        Map<String, Has<Configuration.Test>> tests,
        String internetSite,
        String everyone) {
    /** A thing and its id. */
    record Has<T>(UUID id, T thing) {}

    /** What a policy is called by. */
    record Pair(String group, String resource) {
        static Pair of(Configuration.Policy policy) {
            return new Pair(policy.group(), policy.resource());
        }

        @Override
        public String toString() {
            return group + " → " + resource;
        }
    }

    private static final String SITES = "SELECT id, name FROM site WHERE account_id = ? ORDER BY name";
    private static final String GROUPS = "SELECT id, name FROM actor_group WHERE account_id = ? ORDER BY name";

    private static final String RESOURCES = """
            SELECT r.id, r.name, r.type, r.address, r.address_description, r.ip_stack, r.filters,
                   ARRAY(SELECT s.name FROM resource_site rs
                         JOIN site s ON s.account_id = rs.account_id AND s.id = rs.site_id
                         WHERE rs.account_id = r.account_id AND rs.resource_id = r.id ORDER BY s.name) AS sites
            FROM resource r WHERE r.account_id = ? ORDER BY r.name, r.id
            """;

    private static final String POLICIES = """
            SELECT p.id, g.name AS group_name, r.name AS resource, p.description, p.conditions,
                   p.disabled_at IS NOT NULL AS disabled
            FROM policy p
            JOIN actor_group g ON g.account_id = p.account_id AND g.id = p.group_id
            JOIN resource r ON r.account_id = p.account_id AND r.id = p.resource_id
            WHERE p.account_id = ? ORDER BY r.name, g.name, p.id
            """;

    private static final String TESTS = """
            SELECT t.id, t.name, coalesce(a.email, a.name) AS actor, r.name AS resource, t.can_reach, t.at, t.remote_ip,
                   t.region, t.verified
            FROM policy_test t
            JOIN actor a ON a.account_id = t.account_id AND a.id = t.actor_id
            JOIN resource r ON r.account_id = t.account_id AND r.id = t.resource_id
            WHERE t.account_id = ? ORDER BY t.name
            """;

    /** @throws RequestException when names do not tell things apart */
    static Current read(Transaction transaction, UUID accountId) {
        return new Current(
                ids(transaction, SITES, "site", accountId),
                ids(transaction, GROUPS, "group", accountId),
                things(transaction, RESOURCES, "resource", accountId, Current::resource, Configuration.Resource::name),
                things(transaction, POLICIES, "policy", accountId, Current::policy, Pair::of),
                things(transaction, TESTS, "policy test", accountId, Current::test, Configuration.Test::name),
                transaction.one(
                        "SELECT name FROM site WHERE account_id = ? AND managed_by = 'system'",
                        row -> row.text("name"),
                        accountId),
                transaction.one(
                        "SELECT name FROM actor_group WHERE account_id = ? AND type = 'everyone'",
                        row -> row.text("name"),
                        accountId));
    }

    /** As a document. */
    Configuration document() {
        return new Configuration(
                sites.keySet().stream()
                        .filter(name -> !name.equals(internetSite))
                        .map(Configuration.Site::new)
                        .toList(),
                groups.keySet().stream()
                        .filter(name -> !name.equals(everyone))
                        .map(Configuration.Group::new)
                        .toList(),
                things(resources),
                things(policies),
                things(tests));
    }

    private static <T> List<T> things(Map<?, Has<T>> all) {
        return all.values().stream().map(Has::thing).toList();
    }

    private static Map<String, UUID> ids(Transaction transaction, String sql, String what, UUID accountId) {
        Map<String, UUID> ids = new LinkedHashMap<>();
        transaction
                .list(sql, row -> Map.entry(row.text("name"), row.id("id")), accountId)
                .forEach(named -> put(ids, what, named.getKey(), named.getValue()));
        return ids;
    }

    private static <K, T> Map<K, Has<T>> things(
            Transaction transaction,
            String sql,
            String what,
            UUID accountId,
            Function<Row, T> read,
            Function<T, K> key) {
        Map<K, Has<T>> things = new LinkedHashMap<>();
        transaction
                .list(sql, row -> new Has<>(row.id("id"), read.apply(row)), accountId)
                .forEach(has -> put(things, what, key.apply(has.thing()), has));
        return things;
    }

    private static <K, V> void put(Map<K, V> map, String what, K key, V value) {
        if (map.put(key, value) != null) {
            throw RequestException.conflict("The account has more than one " + what + " '" + key
                    + "': a document tells things apart by their names. Rename one.");
        }
    }

    private static Configuration.Resource resource(Row row) {
        return new Configuration.Resource(
                row.text("name"),
                row.text("type"),
                row.optionalText("address"),
                row.optionalText("address_description"),
                row.optionalText("ip_stack"),
                row.texts("filters"),
                row.texts("sites"));
    }

    private static Configuration.Policy policy(Row row) {
        return new Configuration.Policy(
                row.text("group_name"),
                row.text("resource"),
                row.optionalText("description"),
                Condition.fromJson(row.text("conditions")).stream()
                        .map(condition ->
                                new PolicyWanted.Demand(condition.property(), condition.operator(), condition.values()))
                        .toList(),
                row.flag("disabled") ? true : null);
    }

    private static Configuration.Test test(Row row) {
        return new Configuration.Test(
                row.text("name"),
                row.text("actor"),
                row.text("resource"),
                row.flag("can_reach"),
                row.optionalInstant("at"),
                row.optionalText("remote_ip"),
                row.optionalText("region"),
                row.flag("verified") ? true : null);
    }
}
