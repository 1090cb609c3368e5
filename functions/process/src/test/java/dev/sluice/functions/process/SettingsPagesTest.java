package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for all of an account, its tokens, its plan, and its gateways and relays, as an admin sees them. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class SettingsPagesTest {
    @Inject
    WebListener web;

    @Inject
    Transactions transactions;

    @Inject
    Sessions sessions;

    @Inject
    TokenKey key;

    private World world;
    private SignedInAdmin admin;

    @BeforeEach
    void signIn() throws Exception {
        world = new World(transactions, key);
        admin = SignedInAdmin.of(world, sessions, web);
    }

    private String path(Browser.Page done) {
        assertThat(done.status()).as(done.body()).isEqualTo(303);
        return done.location().substring(("/" + admin.slug()).length());
    }

    private Map<String, String> settings(String field, String value) throws Exception {
        var fields = new HashMap<>(Map.of("name", "Acme", "search_domain", "", "upstream_dns", ""));
        fields.put("version", admin.get("/settings").field("version"));
        fields.put(field, value);
        return fields;
    }

    @Test
    void shouldChangeWhatHoldsForTheAccount() throws Exception {
        var wanted = settings("name", "Acme <Ltd>");
        wanted.put("search_domain", "corp.example");
        wanted.put("upstream_dns", "192.0.2.1, [2001:db8:0::1]:5353");
        assertThat(path(admin.post("/settings", wanted))).isEqualTo("/settings");
        assertThat(admin.get("/settings").body())
                .contains("Acme &lt;Ltd&gt;", "value=\"corp.example\"", "192.0.2.1:53, [2001:db8::1]:5353");
        path(admin.post("/settings", settings("name", "Acme")));
        assertThat(world.count(
                        "SELECT count(*) FROM account WHERE id = ? AND search_domain IS NULL AND upstream_dns = '{}'",
                        world.accountId))
                .isOne();

        for (var wrong : Map.of("name", "A", "search_domain", "a b", "upstream_dns", "somewhere")
                .entrySet()) {
            var refused = admin.post("/settings", settings(wrong.getKey(), wrong.getValue()));
            assertThat(refused.status()).as(wrong.getKey()).isEqualTo(422);
            assertThat(refused.body()).contains("id=\"" + wrong.getKey() + "-error\" role=\"alert\"");
        }
    }

    @Test
    void shouldShowTheSecondOfTwoAdminsWhatTheFirstHasDone() throws Exception {
        var wanted = settings("search_domain", "corp.example");
        path(admin.post("/settings", wanted));
        wanted.put("search_domain", "mine.example");
        var second = admin.post("/settings", wanted);
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.body())
                .contains("It is now: Acme, completing names with corp.example", "value=\"mine.example\"");
    }

    @Test
    void shouldSayWhatThePlanHasRoomFor() throws Exception {
        world.execute(
                "UPDATE account SET limits = '{\"users\": 15}', features = '{rest_api}', warning = 'Almost full' WHERE id = ?",
                world.accountId);
        assertThat(admin.get("/billing").body())
                .contains(
                        "<td>15</td>",
                        "any number",
                        "<code>rest_api</code>",
                        "Almost full",
                        "This portal bills nobody.");
        assertThat(admin.post("/billing/session", Map.of()).body()).contains("This portal bills nobody");
    }

    @Test
    void shouldWithdrawAnyToken() throws Exception {
        world.authorize();
        assertThat(admin.get("/tokens").body())
                .contains(world.gatewayToken.id().toString(), "gateways", "this browser: sign out", ">Site</a>");
        assertThat(path(admin.post("/tokens/" + world.clientToken.id() + "/delete", Map.of())))
                .isEqualTo("/tokens");
        assertThat(world.flowCount()).isZero();
        assertThat(admin.get("/tokens").body())
                .doesNotContain(world.clientToken.id().toString());
    }

    @Test
    void shouldShowGatewaysAndSayWhatTheEndOfOneEnds() throws Exception {
        String gateway = "/gateways/" + world.gateway.id();
        world.authorize();
        assertThat(admin.get("/gateways").body()).contains(gateway, ">Site</a>", "1.4.17");
        assertThat(admin.get("/gateways?search=nobody").body()).contains("No gateway's name begins with");
        assertThat(admin.get(gateway).body()).contains("1 flow of 1 person", "/sites/" + world.siteId);
        assertThat(admin.get(gateway + "/delete").body()).contains("This ends 1 flow of 1 person at once.");
        assertThat(path(admin.post(gateway + "/delete", Map.of()))).isEqualTo("/gateways");
        assertThat(world.flowCount()).isZero();
        assertThat(admin.get(gateway).status()).isEqualTo(404);
        assertThat(admin.get("/gateways").body()).contains("No gateway has signed in yet.");
        assertThat(admin.get("/relays").body()).contains("There is no relay", "SLUICE_RELAYS");
    }

    @Test
    void shouldKeepWhatIsToBeSo() throws Exception {
        assertThat(admin.get("/policy_tests").body()).contains("There is no policy test yet.");
        var test = new HashMap<>(Map.of(
                "name", "Users <get> in",
                "actor_id", "user@example.com",
                "can_reach", "true",
                "resource_id", "172.20.0.0/16",
                "remote_ip", "192.0.2.1",
                "region", "AT",
                "verified", "true",
                "at", "2026-01-31T09:00:00Z"));
        assertThat(path(admin.post("/policy_tests", test))).isEqualTo("/policy_tests");
        assertThat(admin.get("/policy_tests").body())
                .contains("Users &lt;get&gt; in", "User reaches", ">holds<", "is made all the same");
        for (var wrong : Map.of(
                        "name", "",
                        "actor_id", "nobody",
                        "resource_id", "nothing",
                        "remote_ip", "x",
                        "region", "Austria",
                        "at", "noon")
                .entrySet()) {
            var refused = new HashMap<>(test);
            refused.put("name", "Another");
            refused.put(wrong.getKey(), wrong.getValue());
            var page = admin.post("/policy_tests", refused);
            assertThat(page.status()).as(wrong.getKey()).isEqualTo(422);
            assertThat(page.body()).contains("id=\"" + wrong.getKey() + "-error\" role=\"alert\"");
        }

        path(admin.post("/policy_tests/enforce", Map.of()));
        assertThat(admin.post("/policies/" + world.policyId + "/delete", Map.of())
                        .body())
                .contains("Users &lt;get&gt; in");
        path(admin.post("/policy_tests/relax", Map.of()));
        path(admin.post("/policies/" + world.policyId + "/delete", Map.of()));
        assertThat(admin.get("/policy_tests").body()).contains(">fails<", "no_policy");
        var id = world.one("SELECT id FROM policy_test WHERE account_id = ?", row -> row.id("id"), world.accountId);
        path(admin.post("/policy_tests/" + id + "/delete", Map.of()));
        assertThat(admin.get("/policy_tests").body()).contains("There is no policy test yet.");
    }

    @Test
    void shouldAddADirectoryThatCallsAndDeleteIt() throws Exception {
        assertThat(admin.get("/directories").body()).contains("There is no directory");
        String directory = path(admin.post("/directories", Map.of("name", "Okta <1>", "type", "scim")));
        assertThat(admin.get("/directories").body()).contains(directory, "Okta &lt;1&gt;", "heard");
        assertThat(admin.get("/directories?search=Nobody").body()).contains("No directory's name begins with");
        var made = admin.post(directory + "/tokens", Map.of());
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body()).contains("/integrations/scim/v2</code>", "It is shown this once.");
        var token = world.one(
                "SELECT id FROM token WHERE account_id = ? AND type = 'directory'",
                row -> row.id("id"),
                world.accountId);
        assertThat(admin.get(directory).body()).contains(token.toString()).doesNotContain("It is shown this once.");
        path(admin.post(directory + "/tokens/" + token + "/delete", Map.of()));
        assertThat(admin.get(directory).body()).contains("It cannot call yet");

        for (var wrong : List.of(
                Map.of("name", "", "type", "scim"),
                Map.of("name", "Okta <1>", "type", "scim"),
                Map.of("name", "X", "type", "ldap"),
                Map.of("name", "X", "type", "entra"),
                Map.of("name", "X", "type", "entra", "tenant_id", "me"))) {
            var refused = admin.post("/directories", wrong);
            assertThat(refused.status()).as(wrong.toString()).isEqualTo(422);
            assertThat(refused.body()).contains("-error\" role=\"alert\"");
        }
        path(admin.post(directory + "/disable", Map.of()));
        assertThat(admin.get(directory).body()).contains("nothing is heard of it");
        path(admin.post(directory + "/enable", Map.of()));
        assertThat(admin.post(directory + "/runs", Map.of()).status()).isBetween(400, 499);
        assertThat(admin.get(directory + "/delete").body()).contains("It has made nobody.");
        assertThat(path(admin.post(directory + "/delete", Map.of()))).isEqualTo("/directories");
        assertThat(admin.get(directory).status()).isEqualTo(404);
    }
}
