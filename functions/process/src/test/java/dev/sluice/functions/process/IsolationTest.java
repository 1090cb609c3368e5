package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.process.PublishedApi.Operation;
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
    private static final String EXPLANATION = "/flows/explain";

    /** What is read without an id, and is no list. */
    private static final Set<String> NO_LISTS = Set.of(EXPLANATION, "/account", "/account/billing", "/configuration");

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
        PublishedApi.addPolicyTest(own);
        PublishedApi.addDirectoryAndProvider(own);
        foreign = new World(transactions, key);
        foreign.authorize();
        PublishedApi.addPolicyTest(foreign);
        PublishedApi.addDirectoryAndProvider(foreign);
        api = ApiCaller.of(url, own, tokens);
    }

    @Test
    void shouldAnswerAboutAnotherAccountsThingsAsAboutNone() throws Exception {
        for (Operation operation : PublishedApi.forAccounts(url)) {
            if (operation.hasOwner()) {
                same(
                        operation,
                        404,
                        PublishedApi.path(operation, foreign, foreign),
                        PublishedApi.path(operation, null, null),
                        PublishedApi.body(operation, own));
            }
            if (operation.hasPart()) {
                same(
                        operation,
                        404,
                        PublishedApi.path(operation, own, foreign),
                        PublishedApi.path(operation, own, null),
                        PublishedApi.body(operation, own));
                same(
                        operation,
                        404,
                        PublishedApi.path(operation, foreign, own),
                        PublishedApi.path(operation, null, own),
                        PublishedApi.body(operation, own));
            }
        }
        report();
    }

    @Test
    void shouldTakeNothingOfAnotherAccountInABody() throws Exception {
        for (Operation operation : PublishedApi.forAccounts(url)) {
            String template = operation.schema() == null ? "" : PublishedApi.BODIES.get(operation.schema());
            for (String reference : PublishedApi.REFERENCES.keySet()) {
                if (template.contains("'" + reference + "'")) {
                    UUID theirs = PublishedApi.REFERENCES.get(reference).apply(foreign);
                    String path = PublishedApi.path(operation, own, own);
                    var answer = call(
                            operation, path, PublishedApi.filled(template.replace(reference, theirs.toString()), own));
                    var nobodys = call(
                            operation,
                            path,
                            PublishedApi.filled(
                                    template.replace(reference, Ids.next().toString()), own));
                    expect(operation, answer.status() == 422, "with their " + reference + " gave " + answer.status());
                    expect(operation, answer.body().equals(nobodys.body()), "tells their " + reference + " from none");
                }
            }
        }
        report();
    }

    @Test
    void shouldListNothingOfAnotherAccount() throws Exception {
        ApiCaller others = ApiCaller.of(url, foreign, tokens);
        for (Operation operation : PublishedApi.forAccounts(url)) {
            if (operation.method().equals("get") && !operation.hasOwner() && !NO_LISTS.contains(operation.path())) {
                String cursor = others.get(operation.path() + "?limit=1")
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
                        var answer = api.get(operation.path() + query);
                        for (JsonNode shown : answer.data()) {
                            String id = shown.path("id").asText();
                            expect(operation, isOurs(operation, id), "shows " + id + " at " + query);
                        }
                        expect(operation, answer.status() == 200, "gave " + answer.status() + " at " + query);
                    }
                }
            }
        }
        report();
    }

    private boolean isOurs(Operation operation, String id) {
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
                        Map.entry("/directories", "directory"),
                        Map.entry("/identity_providers", "identity_provider"),
                        Map.entry("/policy_tests", "policy_test"),
                        Map.entry("/flows", "flow"),
                        Map.entry("/audit_entries", "audit_entry"))
                .get(operation.collection());
        return own.count("SELECT count(*) FROM " + table + " WHERE account_id = ? AND id::text = ?", own.accountId, id)
                == 1;
    }

    @Test
    void shouldLetNobodyInWithAnotherKindOfToken() throws Exception {
        for (Operation operation : PublishedApi.forAccounts(url)) {
            for (String token : List.of("", "nonsense", own.clientTokenText, own.gatewayTokenText)) {
                var answer = ApiCaller.of(url, token)
                        .call(
                                operation.method().toUpperCase(Locale.ROOT),
                                PublishedApi.path(operation, own, own),
                                PublishedApi.body(operation, own));
                expect(operation, answer.status() == 401, "gave " + answer.status() + " to no token of the API");
            }
        }
        report();
    }

    @Test
    void shouldExplainNothingOfAnotherAccount() throws Exception {
        Operation operation = new Operation("get", EXPLANATION, null, MissingNode.getInstance());
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
            same(operation, 404, EXPLANATION + "?" + theirs, EXPLANATION + "?" + nobodys, null);
        }
        report();
    }

    @Test
    void shouldLeadNobodyToWhatIsForOperators() throws Exception {
        for (Operation operation : PublishedApi.forOperators(url)) {
            for (ApiCaller caller : List.of(api, ApiCaller.of(url, "nonsense"), new ApiCaller(url, Map.of()))) {
                var answer = caller.call(
                        operation.method().toUpperCase(Locale.ROOT), PublishedApi.path(operation, own, own), null);
                expect(operation, answer.status() == 404, "gave " + answer.status() + " at the API's listener");
            }
        }
        report();
    }

    /** The same answer, whether it is another account's or nobody's. */
    private void same(Operation operation, int status, String theirs, String nobodys, @Nullable String body)
            throws Exception {
        var answer = call(operation, theirs, body);
        var other = call(operation, nobodys, body);
        expect(operation, answer.status() == status, "gave " + answer.status() + " for " + theirs);
        expect(operation, withoutIds(answer).equals(withoutIds(other)), "tells " + theirs + " from " + nobodys);
    }

    private ApiCaller.Answer call(Operation operation, String path, @Nullable String body) throws Exception {
        return api.call(operation.method().toUpperCase(Locale.ROOT), path, body);
    }

    private void expect(Operation operation, boolean holds, String what) {
        probes++;
        if (!holds) {
            wrong.add(operation + " " + what);
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
}
