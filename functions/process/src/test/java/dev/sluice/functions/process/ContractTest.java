package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.billing.BillingProfile;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.process.PublishedApi.Operation;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the API does is what its description says, at every operation and every part of every body. */
@QuarkusTest
@TestProfile(BillingProfile.class)
@WithTestResource(DatabaseTestResource.class)
class ContractTest {
    private static final Logger LOG = Logger.getLogger(ContractTest.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PAGES = "/gateway_groups";

    /** What an operation cannot be asked without. */
    private static final Map<String, String> QUERIES = Map.of(
            "get /flows/explain", "?client_id=CLIENT&resource_id=RESOURCE", "delete /flows", "?client_id=CLIENT");

    private static final String HOLD = """
            INSERT INTO directory_held (account_id, directory_id, kind, group_id)
            SELECT d.account_id, d.id, 'group', g.id
            FROM directory d JOIN actor_group g ON g.account_id = d.account_id AND g.type = 'static'
            WHERE d.account_id = ?
            """;

    /** What must be so before an operation can be carried out. */
    private static final Map<String, String> NEEDS = Map.of(
            "post /directories/{id}/runs", "UPDATE directory SET type = 'entra' WHERE account_id = ?",
            "post /directories/{id}/held/apply", HOLD,
            "post /directories/{id}/held/discard", HOLD);

    /**
     * What cannot be carried out here, and what it gets: a token keeps its last secret, a policy keeps its group, and the probe
     * names another. Links are WorkOS'.
     */
    private static final Map<String, Integer> REFUSED = Map.of(
            "delete /tokens/{id}/secrets/{secret}", 409,
            "put /policies/{id}", 422,
            "patch /policies/{id}", 422,
            "post /directories/{id}/setup_links", 409);

    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    TokenService tokens;

    @Inject
    TokenKey key;

    private JsonNode description;
    private SchemaRegistry registry;
    private final List<String> wrong = new ArrayList<>();
    private int asked;

    @BeforeEach
    void read() throws Exception {
        description = PublishedApi.description(url);
        ObjectNode schema = JSON.createObjectNode();
        schema.put("$id", "https://sluice.test/openapi");
        schema.set("components", description.path("components"));
        registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemas(Map.of("https://sluice.test/openapi", schema.toString())));
    }

    private World world() {
        var world = new World(transactions, key);
        world.authorize();
        PublishedApi.addPolicyTest(world);
        PublishedApi.addDirectoryAndProvider(world);
        world.execute(
                "INSERT INTO subscription (account_id, customer_id) VALUES (?, ?)",
                world.accountId,
                BillingProfile.stripe().customer("Acme", null, Map.of()));
        return world;
    }

    @Test
    void shouldAnswerAsItSays() throws Exception {
        for (var operation : PublishedApi.forAccounts(url)) {
            var world = world();
            var api = ApiCaller.of(url, world, tokens);
            String path = PublishedApi.path(operation, world, world);
            path += QUERIES.getOrDefault(operation.toString(), "")
                    .replace("CLIENT", world.client.id().toString())
                    .replace("RESOURCE", world.resourceId.toString());
            if (NEEDS.containsKey(operation.toString())) {
                world.execute(NEEDS.get(operation.toString()), world.accountId);
            }
            var answer = ask(api, operation, path, PublishedApi.body(operation, world));
            Integer refused = REFUSED.get(operation.toString());
            if (refused == null ? answer.status() >= 300 : answer.status() != refused) {
                wrong.add(operation + " gave " + answer.status() + " to what is valid: " + answer.body());
            }
        }
        report();
    }

    @Test
    void shouldRefuseWhatItsSchemasDoNotAllow() throws Exception {
        var invalid = new InvalidBodies(description);
        for (var operation : PublishedApi.forAccounts(url)) {
            if (operation.schema() != null) {
                // An account may ask for so much at once.
                var world = world();
                var api = ApiCaller.of(url, world, tokens);
                String path = PublishedApi.path(operation, world, world);
                String valid = PublishedApi.body(operation, world).replace('\'', '"');
                for (var variant : invalid.of(operation.schema(), JSON.readTree(valid))) {
                    var answer = ask(api, operation, path, variant.body().toString());
                    if (answer.status() != 422 && answer.status() != 400) {
                        wrong.add(operation + ": " + variant + " gave " + answer.status());
                    } else if (!answer.body().path("error").toString().contains(variant.field())) {
                        wrong.add(operation + ": " + variant + " is not said in " + answer.body());
                    }
                }
            }
        }
        report();
    }

    @Test
    void shouldRefuseWhatItsQueriesDoNotAllow() throws Exception {
        var world = world();
        var api = ApiCaller.of(url, world, tokens);
        for (var operation : PublishedApi.forAccounts(url)) {
            String path = PublishedApi.path(operation, world, world);
            for (JsonNode parameter : operation.description().path("parameters")) {
                if (parameter.path("in").asText().equals("query")) {
                    String name = parameter.path("name").asText();
                    for (String value : invalid(parameter.path("schema"))) {
                        var answer = ask(api, operation, path + "?" + name + "=" + value, null);
                        if (answer.status() != 400
                                || value.equals("nonsense")
                                        && !answer.body().toString().contains(name)) {
                            wrong.add(operation + " gave " + answer.status() + " to " + name + "=" + value);
                        }
                    }
                }
            }
        }
        report();
    }

    private static List<String> invalid(JsonNode schema) {
        if (schema.has("maximum")) {
            return List.of(
                    "",
                    "1&limit=2",
                    "x",
                    String.valueOf(schema.get("minimum").asLong() - 1),
                    String.valueOf(schema.get("maximum").asLong() + 1));
        }
        if (schema.has("$ref")) {
            return List.of("nonsense", "");
        }
        return schema.has("format") || schema.has("enum") ? List.of("nonsense", "") : List.of();
    }

    /** As JSON Schema says what a schema is. */
    @Test
    void shouldDescribeItselfByValidSchemas() {
        var ofSchemas = registry.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        for (var schema : description.path("components").path("schemas").properties()) {
            assertThat(ofSchemas.validate(schema.getValue().toString(), InputFormat.JSON))
                    .as(schema.getKey())
                    .isEmpty();
            for (JsonNode words : schema.getValue().findParents("enum")) {
                boolean nullable = words.path("type").isArray();
                assertThat(words.path("enum").toString().contains("null"))
                        .as("%s: %s", schema.getKey(), words)
                        .isEqualTo(nullable);
            }
        }
    }

    @Test
    void shouldHavePagesOfEverySizeThatItAllows() throws Exception {
        var world = world();
        for (int n = 0; n < 60; n++) {
            world.site("Site " + n);
        }
        var api = ApiCaller.of(url, world, tokens);
        int all = api.get(PAGES + "?limit=100").data().size();
        assertThat(all).isGreaterThan(60);
        for (int limit = 1; limit <= 100; limit++) {
            var page = api.get(PAGES + "?limit=" + limit);
            assertThat(page.data()).hasSize(Math.min(limit, all));
            assertThat(page.body().path("metadata").path("limit").asInt()).isEqualTo(limit);
            assertThat(page.body().path("metadata").path("next_page").isNull()).isEqualTo(limit >= all);
        }
    }

    /** Asks, and holds the answer against what the description says of it. */
    private ApiCaller.Answer ask(ApiCaller api, Operation operation, String path, @Nullable String body)
            throws Exception {
        asked++;
        var answer = api.call(operation.method().toUpperCase(Locale.ROOT), path, body);
        JsonNode said = operation.description().path("responses").path(String.valueOf(answer.status()));
        if (said.isMissingNode()) {
            wrong.add(operation + " gave " + answer.status() + ", which is not described: " + answer.body());
            return answer;
        }
        JsonNode schema = said.path("content").path("application/json").path("schema");
        if (schema.isMissingNode()) {
            wrong.add(operation + " does not say what " + answer.status() + " has");
            return answer;
        }
        var errors = registry.getSchema(SchemaLocation.of(
                        "https://sluice.test/openapi" + schema.path("$ref").asText()))
                .validate(answer.body().toString(), InputFormat.JSON);
        errors.forEach(error -> wrong.add(operation + " " + answer.status() + ": " + error));
        return answer;
    }

    private void report() {
        LOG.infof("%d asked, %d answers that were not as described", asked, wrong.size());
        assertThat(wrong).isEmpty();
        assertThat(asked).isPositive();
    }
}
