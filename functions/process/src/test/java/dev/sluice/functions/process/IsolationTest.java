package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * That accounts cannot see each other, at every operation that is published: an operation that is added is probed too, and
 * one whose path or body is not known here fails the test.
 */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class IsolationTest {
    private static final Logger LOG = Logger.getLogger(IsolationTest.class);
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private static final String EXPLANATION = "/flows/explain";

    /** What is read without an id, and is no list. */
    private static final Set<String> NO_LISTS = Set.of(EXPLANATION, "/account", "/configuration");

    /** What stands in a path for the things of a world. */
    private static final Map<String, Function<World, UUID>> OWNERS = Map.ofEntries(
            Map.entry("/gateway_groups", world -> world.siteId),
            Map.entry("/actors", world -> world.actorId),
            Map.entry("/actor_groups", world -> world.groupId),
            Map.entry("/resources", world -> world.resourceId),
            Map.entry("/policies", world -> world.policyId),
            Map.entry("/clients", world -> world.client.id()),
            Map.entry("/devices", world -> world.client.id()),
            Map.entry("/tokens", world -> world.clientToken.id()),
            Map.entry("/policy_tests", IsolationTest::policyTest),
            Map.entry("/policy_tests/run", world -> Ids.next()),
            Map.entry("/account", world -> Ids.next()),
            Map.entry("/configuration", world -> Ids.next()),
            Map.entry("/flows", IsolationTest::flow),
            Map.entry("/audit_entries", world -> Ids.next()),
            Map.entry(EXPLANATION, world -> Ids.next()));

    /** The same below one of those. */
    private static final Map<String, Function<World, UUID>> PARTS = Map.of(
            "/gateway_groups/{owner}/gateways/{id}", world -> world.gateway.id(),
            "/gateway_groups/{owner}/tokens/{id}", world -> world.gatewayToken.id(),
            "/actors/{owner}/client_tokens/{id}", world -> world.clientToken.id(),
            "/actor_groups/{id}/memberships/{actor}", world -> world.actorId,
            "/tokens/{id}/secrets/{secret}", world -> world.client.credential().secretId());

    /** A valid body of each schema, with the names of ids that it refers to. */
    private static final Map<String, String> BODIES = Map.ofEntries(
            Map.entry("ClientBody", "{'client':{'name':'Probe'}}"),
            Map.entry("SiteBody", "{'gateway_group':{'name':'Probe'}}"),
            Map.entry("ActorBody", "{'actor':{'name':'Probe','type':'account_user'}}"),
            Map.entry("GroupBody", "{'actor_group':{'name':'Probe'}}"),
            Map.entry("MembershipsReplacement", "{'memberships':[{'actor_id':'ACTOR'}]}"),
            Map.entry("MembershipsBody", "{'memberships':{'add':['ACTOR'],'remove':[]}}"),
            Map.entry(
                    "ResourceBody",
                    "{'resource':{'name':'Probe','type':'cidr','address':'192.0.2.0/24',"
                            + "'connections':[{'gateway_group_id':'SITE'}]}}"),
            Map.entry("PolicyBody", "{'policy':{'actor_group_id':'GROUP','resource_id':'RESOURCE'}}"),
            Map.entry(
                    "PolicyTestBody",
                    "{'policy_test':{'name':'Probe','actor_id':'ACTOR','resource_id':'RESOURCE','can_reach':true}}"),
            Map.entry(
                    "PolicyTestRunBody",
                    "{'proposal':{'create':[{'actor_group_id':'GROUP','resource_id':'RESOURCE'}]}}"),
            Map.entry("ConfigurationBody", "{'configuration':{'sites':[{'name':'Site'}]}}"),
            Map.entry("OwnAccountBody", "{'account':{'policy_tests_enforced':false}}"),
            Map.entry("FlowBody", "{'flow':{'expires_in':3600}}"),
            Map.entry("TokenBody", "{'token':{'name':'Probe'}}"));

    private static final Map<String, Function<World, UUID>> REFERENCES = Map.of(
            "ACTOR", world -> world.actorId,
            "SITE", world -> world.siteId,
            "GROUP", World::everyone,
            "RESOURCE", world -> world.resourceId);

    private record Probe(
            String method, String path, @Nullable String schema) {
        @Override
        public String toString() {
            return method + " " + path;
        }

        boolean hasOwner() {
            return path.contains("{");
        }

        String collection() {
            int end = path.indexOf("/{");
            return end < 0 ? path : path.substring(0, end);
        }
    }

    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    TokenService tokens;

    @Inject
    TokenKey key;

    private World own;
    private World foreign;
    private ApiCaller api;
    private int probes;
    private final List<String> wrong = new ArrayList<>();

    @BeforeEach
    void twoAccounts() {
        own = new World(transactions, key);
        own.authorize();
        addPolicyTest(own);
        foreign = new World(transactions, key);
        foreign.authorize();
        addPolicyTest(foreign);
        api = ApiCaller.of(url, own, tokens);
    }

    @Test
    void shouldAnswerAboutAnotherAccountsThingsAsAboutNone() throws Exception {
        for (Probe probe : published()) {
            if (probe.hasOwner()) {
                same(probe, 404, path(probe, foreign, foreign), path(probe, null, null), body(probe, own));
            }
            if (PARTS.containsKey(probe.path())) {
                same(probe, 404, path(probe, own, foreign), path(probe, own, null), body(probe, own));
                same(probe, 404, path(probe, foreign, own), path(probe, null, own), body(probe, own));
            }
        }
        report();
    }

    @Test
    void shouldTakeNothingOfAnotherAccountInABody() throws Exception {
        for (Probe probe : published()) {
            String template = probe.schema() == null ? "" : BODIES.get(probe.schema());
            for (String reference : REFERENCES.keySet()) {
                if (template.contains("'" + reference + "'")) {
                    UUID theirs = REFERENCES.get(reference).apply(foreign);
                    String path = path(probe, own, own);
                    var answer = call(probe, path, filled(template.replace(reference, theirs.toString()), own));
                    var nobodys = call(
                            probe,
                            path,
                            filled(template.replace(reference, Ids.next().toString()), own));
                    expect(probe, answer.status() == 422, "with their " + reference + " gave " + answer.status());
                    expect(probe, answer.body().equals(nobodys.body()), "tells their " + reference + " from none");
                }
            }
        }
        report();
    }

    @Test
    void shouldListNothingOfAnotherAccount() throws Exception {
        ApiCaller others = ApiCaller.of(url, foreign, tokens);
        for (Probe probe : published()) {
            if (probe.method().equals("get") && !probe.hasOwner() && !NO_LISTS.contains(probe.path())) {
                String cursor = others.get(probe.path() + "?limit=1")
                        .body()
                        .path("metadata")
                        .path("next_page")
                        .asText();
                for (String query : List.of(
                        "",
                        "?page_cursor=" + cursor,
                        "?actor_group_id=" + foreign.groupId,
                        "?resource_id=" + foreign.resourceId,
                        "?client_id=" + foreign.client.id(),
                        "?object_id=" + foreign.policyId,
                        "?called=" + foreign.client.id(),
                        "?actor_id=" + foreign.actorId)) {
                    if (!query.endsWith("=null") && !query.endsWith("=")) {
                        var answer = api.get(probe.path() + query);
                        for (JsonNode shown : answer.data()) {
                            String id = shown.path("id").asText();
                            expect(probe, isOurs(probe, id), "shows " + id + " at " + query);
                        }
                        expect(probe, answer.status() == 200, "gave " + answer.status() + " at " + query);
                    }
                }
            }
        }
        report();
    }

    private boolean isOurs(Probe probe, String id) {
        String table = Map.ofEntries(
                        Map.entry("/gateway_groups", "site"),
                        Map.entry("/actors", "actor"),
                        Map.entry("/actor_groups", "actor_group"),
                        Map.entry("/resources", "resource"),
                        Map.entry("/policies", "policy"),
                        Map.entry("/clients", "client"),
                        Map.entry(
                                "/devices",
                                "(SELECT account_id, id FROM client UNION SELECT account_id, id FROM gateway) AS device"),
                        Map.entry("/tokens", "token"),
                        Map.entry("/policy_tests", "policy_test"),
                        Map.entry("/flows", "flow"),
                        Map.entry("/audit_entries", "audit_entry"))
                .get(probe.collection());
        return own.count("SELECT count(*) FROM " + table + " WHERE account_id = ? AND id::text = ?", own.accountId, id)
                == 1;
    }

    private static UUID policyTest(World world) {
        return world.one("SELECT id FROM policy_test WHERE account_id = ?", row -> row.id("id"), world.accountId);
    }

    private static void addPolicyTest(World world) {
        world.execute(
                "INSERT INTO policy_test (id, account_id, name, actor_id, resource_id, can_reach, verified)"
                        + " VALUES (?, ?, 'test', ?, ?, true, false)",
                Ids.next(),
                world.accountId,
                world.actorId,
                world.resourceId);
    }

    private static UUID flow(World world) {
        return world.flows
                .page(world.accountId, null, null, PageRequest.first(1))
                .rows()
                .getFirst()
                .id();
    }

    @Test
    void shouldLetNobodyInWithAnotherKindOfToken() throws Exception {
        for (Probe probe : published()) {
            for (String token : List.of("", "nonsense", own.clientTokenText, own.gatewayTokenText)) {
                var answer = ApiCaller.of(url, token)
                        .call(probe.method().toUpperCase(Locale.ROOT), path(probe, own, own), body(probe, own));
                expect(probe, answer.status() == 401, "gave " + answer.status() + " to no token of the API");
            }
        }
        report();
    }

    @Test
    void shouldExplainNothingOfAnotherAccount() throws Exception {
        Probe probe = new Probe("get", EXPLANATION, null);
        for (String question : List.of(
                "client_id=CLIENT&resource_id=OURS",
                "actor_id=ACTOR&resource_id=OURS",
                "client_id=OUR&resource_id=THEIRS")) {
            String ours = question.replace("OURS", own.resourceId.toString())
                    .replace("OUR", own.client.id().toString());
            String nobodys = ours.replaceAll("CLIENT|ACTOR|THEIRS", Ids.next().toString());
            String theirs = ours.replace("CLIENT", foreign.client.id().toString())
                    .replace("ACTOR", foreign.actorId.toString())
                    .replace("THEIRS", foreign.resourceId.toString());
            same(probe, 404, EXPLANATION + "?" + theirs, EXPLANATION + "?" + nobodys, null);
        }
        report();
    }

    @Test
    void shouldLeadNobodyToWhatIsForOperators() throws Exception {
        for (Probe probe : published(true)) {
            for (ApiCaller caller : List.of(api, ApiCaller.of(url, "nonsense"), new ApiCaller(url, Map.of()))) {
                var answer = caller.call(probe.method().toUpperCase(Locale.ROOT), path(probe, own, own), null);
                expect(probe, answer.status() == 404, "gave " + answer.status() + " at the API's listener");
            }
        }
        report();
    }

    private List<Probe> published() throws Exception {
        return published(false);
    }

    private List<Probe> published(boolean operators) throws Exception {
        List<Probe> all = new ArrayList<>();
        var description =
                new ApiCaller(url, Map.of()).get("/openapi?format=json").body();
        for (var path : description.path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                if (METHODS.contains(operation.getKey()) && path.getKey().startsWith(Door.OPERATOR) == operators) {
                    String reference = operation
                            .getValue()
                            .path("requestBody")
                            .path("content")
                            .path("application/json")
                            .path("schema")
                            .path("$ref")
                            .asText("");
                    String schema = reference.isEmpty() ? null : reference.substring(reference.lastIndexOf('/') + 1);
                    Probe probe = new Probe(operation.getKey(), path.getKey(), schema);
                    assertThat(operators || OWNERS.containsKey(probe.collection()))
                            .as(probe.toString())
                            .isTrue();
                    assertThat(operators || schema == null || BODIES.containsKey(schema))
                            .as("%s takes a %s, which is not known here", probe, schema)
                            .isTrue();
                    all.add(probe);
                }
            }
        }
        assertThat(all).hasSizeGreaterThan(operators ? 5 : 50);
        return all;
    }

    /** The same answer, whether it is another account's or nobody's. */
    private void same(Probe probe, int status, String theirs, String nobodys, @Nullable String body) throws Exception {
        var answer = call(probe, theirs, body);
        var other = call(probe, nobodys, body);
        expect(probe, answer.status() == status, "gave " + answer.status() + " for " + theirs);
        expect(probe, withoutIds(answer).equals(withoutIds(other)), "tells " + theirs + " from " + nobodys);
    }

    private ApiCaller.Answer call(Probe probe, String path, @Nullable String body) throws Exception {
        return api.call(probe.method().toUpperCase(Locale.ROOT), path, body);
    }

    private void expect(Probe probe, boolean holds, String what) {
        probes++;
        if (!holds) {
            wrong.add(probe + " " + what);
        }
    }

    private void report() {
        LOG.infof("%d probes, %d answers that were not as stated", probes, wrong.size());
        assertThat(wrong).isEmpty();
        assertThat(probes).isPositive();
    }

    private static String withoutIds(ApiCaller.Answer answer) {
        return answer.status() + answer.body().toString().replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID");
    }

    /** @param owner whose thing; null for nobody's */
    private static String path(Probe probe, @Nullable World owner, @Nullable World part) {
        UUID first = owner == null
                ? Ids.next()
                : OWNERS.getOrDefault(probe.collection(), any -> Ids.next()).apply(owner);
        var parts = PARTS.get(probe.path());
        UUID second = part == null || parts == null ? Ids.next() : parts.apply(part);
        return probe.path().replaceFirst("\\{[a-z]+}", first.toString()).replaceFirst("\\{[a-z]+}", second.toString());
    }

    private static @Nullable String body(Probe probe, World of) {
        return probe.schema() == null ? null : filled(BODIES.get(probe.schema()), of);
    }

    private static String filled(String template, World of) {
        String body = template;
        for (var reference : REFERENCES.entrySet()) {
            body = body.replace(
                    "'" + reference.getKey() + "'", "'" + reference.getValue().apply(of) + "'");
        }
        return body;
    }
}
