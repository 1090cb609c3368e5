package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.testing.World;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The API as it is published, and how each operation is asked for the things of a world. An operation whose path or body is
 * not known here fails the tests that go over all of them.
 */
final class PublishedApi {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private static final String EXPLANATION = "/flows/explain";

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
            Map.entry("/policy_tests", PublishedApi::policyTest),
            Map.entry("/directories", PublishedApi::directory),
            Map.entry("/identity_providers", PublishedApi::identityProvider),
            Map.entry("/policy_tests/run", world -> Ids.next()),
            Map.entry("/account", world -> Ids.next()),
            Map.entry("/account/billing", world -> Ids.next()),
            Map.entry("/account/billing/sessions", world -> Ids.next()),
            Map.entry("/configuration", world -> Ids.next()),
            Map.entry("/flows", PublishedApi::flow),
            Map.entry("/audit_entries", world -> Ids.next()),
            Map.entry(EXPLANATION, world -> Ids.next()));

    /** The same below one of those. */
    private static final Map<String, Function<World, UUID>> PARTS = Map.of(
            "/gateway_groups/{owner}/gateways/{id}", world -> world.gateway.id(),
            "/gateway_groups/{owner}/tokens/{id}", world -> world.gatewayToken.id(),
            "/directories/{owner}/tokens/{id}", PublishedApi::directoryToken,
            "/actors/{owner}/client_tokens/{id}", world -> world.clientToken.id(),
            "/actor_groups/{id}/memberships/{actor}", world -> world.actorId,
            "/actors/{owner}/identities/{id}", PublishedApi::identity,
            "/tokens/{id}/secrets/{secret}", world -> world.client.credential().secretId());

    /** A valid body of each schema, with the names of ids that it refers to. */
    static final Map<String, String> BODIES = Map.ofEntries(
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
                    "{'proposal':{'create':[{'actor_group_id':'GROUP','resource_id':'RESOURCE'}],"
                            + "'change':[{'id':'POLICY','policy':{'description':'Probe'}}]}}"),
            Map.entry("ConfigurationBody", "{'configuration':{'sites':[{'name':'Site'}]}}"),
            Map.entry("BillingSessionBody", "{'session':{'return_url':'https://acme.example/'}}"),
            Map.entry("OwnAccountBody", "{'account':{'policy_tests_enforced':false}}"),
            Map.entry("DirectoryBody", "{'directory':{'name':'Probe','type':'scim'}}"),
            Map.entry(
                    "IdentityProviderBody",
                    "{'identity_provider':{'name':'Probe','type':'oidc','issuer':'https://id.example','client_id':'probe'}}"),
            Map.entry("SetUpLinkBody", "{'setup_link':{'return_url':'https://acme.example/'}}"),
            Map.entry("FlowBody", "{'flow':{'expires_in':3600}}"),
            Map.entry("TokenBody", "{'token':{'name':'Probe'}}"));

    static final Map<String, Function<World, UUID>> REFERENCES = Map.of(
            "ACTOR", world -> world.actorId,
            "SITE", world -> world.siteId,
            "GROUP", World::everyone,
            "RESOURCE", world -> world.resourceId,
            "POLICY", world -> world.policyId);

    /**
     * One of them.
     *
     * @param schema the name of what its body is; null if it has none
     * @param description as it is published
     */
    record Operation(String method, String path, @Nullable String schema, JsonNode description) {
        @Override
        public String toString() {
            return method + " " + path;
        }

        boolean hasOwner() {
            return path.contains("{");
        }

        /** Whether it is about something that is a part of something else. */
        boolean hasPart() {
            return PARTS.containsKey(path);
        }

        String collection() {
            int end = path.indexOf("/{");
            return end < 0 ? path : path.substring(0, end);
        }
    }

    private PublishedApi() {}

    static JsonNode description(URI url) throws Exception {
        return new ApiCaller(url, Map.of()).get("/openapi?format=json").body();
    }

    static List<Operation> forAccounts(URI url) throws Exception {
        var all = operations(url, false);
        assertThat(all).hasSizeGreaterThan(50);
        for (var operation : all) {
            assertThat(OWNERS.containsKey(operation.collection()))
                    .as(operation.toString())
                    .isTrue();
            assertThat(operation.schema() == null || BODIES.containsKey(operation.schema()))
                    .as("%s takes a %s, which is not known here", operation, operation.schema())
                    .isTrue();
        }
        return all;
    }

    static List<Operation> forOperators(URI url) throws Exception {
        var all = operations(url, true);
        assertThat(all).hasSizeGreaterThan(5);
        return all;
    }

    private static List<Operation> operations(URI url, boolean operators) throws Exception {
        List<Operation> all = new ArrayList<>();
        for (var path : description(url).path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                if (METHODS.contains(operation.getKey()) && path.getKey().startsWith(Door.OPERATOR) == operators) {
                    JsonNode body = operation
                            .getValue()
                            .path("requestBody")
                            .path("content")
                            .path("application/json")
                            .path("schema");
                    // One that may be left out may be null too.
                    String reference = (body.has("anyOf") ? body.path("anyOf").path(0) : body)
                            .path("$ref")
                            .asText("");
                    String schema = reference.isEmpty() ? null : reference.substring(reference.lastIndexOf('/') + 1);
                    all.add(new Operation(operation.getKey(), path.getKey(), schema, operation.getValue()));
                }
            }
        }
        return all;
    }

    /** @param owner whose thing; null for nobody's */
    static String path(Operation operation, @Nullable World owner, @Nullable World part) {
        UUID first = owner == null
                ? Ids.next()
                : OWNERS.getOrDefault(operation.collection(), any -> Ids.next()).apply(owner);
        var parts = PARTS.get(operation.path());
        UUID second = part == null || parts == null ? Ids.next() : parts.apply(part);
        return operation
                .path()
                .replaceFirst("\\{[a-z]+}", first.toString())
                .replaceFirst("\\{[a-z]+}", second.toString());
    }

    static @Nullable String body(Operation operation, World of) {
        return operation.schema() == null ? null : filled(BODIES.get(operation.schema()), of);
    }

    static String filled(String template, World of) {
        String body = template;
        for (var reference : REFERENCES.entrySet()) {
            body = body.replace(
                    "'" + reference.getKey() + "'", "'" + reference.getValue().apply(of) + "'");
        }
        return body;
    }

    /** What a world does not have by itself. */
    static void addDirectoryAndProvider(World world) {
        UUID directory = Ids.next();
        world.execute(
                "INSERT INTO directory (id, account_id, name, name_key, type) VALUES (?, ?, 'Okta', '', 'scim')",
                directory,
                world.accountId);
        world.execute(
                "INSERT INTO token (id, account_id, type, directory_id) VALUES (?, ?, 'directory', ?)",
                Ids.next(),
                world.accountId,
                directory);
        world.execute(
                "INSERT INTO identity_provider (id, account_id, name, type, issuer, client_id)"
                        + " VALUES (?, ?, 'Keycloak', 'oidc', 'https://id.example', 'sluice')",
                Ids.next(),
                world.accountId);
        world.execute(
                "INSERT INTO identity (id, account_id, provider_id, actor_id, subject) VALUES (?, ?, ?, ?, 'user-1')",
                Ids.next(),
                world.accountId,
                identityProvider(world),
                world.actorId);
    }

    static UUID identity(World world) {
        return world.one("SELECT id FROM identity WHERE account_id = ?", row -> row.id("id"), world.accountId);
    }

    private static UUID directory(World world) {
        return world.one("SELECT id FROM directory WHERE account_id = ?", row -> row.id("id"), world.accountId);
    }

    private static UUID identityProvider(World world) {
        return world.one(
                "SELECT id FROM identity_provider WHERE account_id = ? AND type = 'oidc'",
                row -> row.id("id"),
                world.accountId);
    }

    private static UUID directoryToken(World world) {
        return world.one(
                "SELECT id FROM token WHERE account_id = ? AND directory_id IS NOT NULL",
                row -> row.id("id"),
                world.accountId);
    }

    static void addPolicyTest(World world) {
        world.execute(
                "INSERT INTO policy_test (id, account_id, name, actor_id, resource_id, can_reach, verified)"
                        + " VALUES (?, ?, 'test', ?, ?, true, false)",
                Ids.next(),
                world.accountId,
                world.actorId,
                world.resourceId);
    }

    private static UUID policyTest(World world) {
        return world.one("SELECT id FROM policy_test WHERE account_id = ?", row -> row.id("id"), world.accountId);
    }

    private static UUID flow(World world) {
        return world.flows
                .page(world.accountId, null, null, null, PageRequest.first(1))
                .rows()
                .getFirst()
                .id();
    }
}
