package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.process.PageIsolationTest.Route;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names as only an attacker, a foreigner or a cat would write them, on every page. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class HostileNamesTest {
    private static final String SCRIPT = "</title></textarea>\"'><script>alert(1)</script>";

    /** Whatever a person, a directory or a device can name. */
    private static final Map<String, List<String>> NAMED = Map.ofEntries(
            Map.entry("actor", List.of("name")),
            Map.entry("actor_group", List.of("name")),
            Map.entry("site", List.of("name")),
            Map.entry("client", List.of("name", "last_seen_version", "last_seen_user_agent", "external_id")),
            Map.entry("gateway", List.of("name", "last_seen_version", "last_seen_user_agent", "external_id")),
            Map.entry("resource", List.of("name", "address_description")),
            Map.entry("policy", List.of("description")),
            Map.entry("policy_test", List.of("name")),
            Map.entry("identity_provider", List.of("name", "client_id")),
            Map.entry("identity", List.of("subject")),
            Map.entry("directory", List.of("name")),
            Map.entry("token", List.of("name")));

    /** A session's token is called as its browser is, and not every provider has a client. */
    private static final Map<String, String> EXCEPT =
            Map.of("token", "type <> 'browser'", "identity_provider", "client_id IS NOT NULL");

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
        world = PageIsolationTest.world(transactions, key);
        admin = SignedInAdmin.of(world, sessions, web);
    }

    /** From the database, as directories and devices write there, too. */
    @Test
    void shouldShowNoScriptThatStandsInAName() throws Exception {
        NAMED.forEach((table, columns) -> columns.forEach(column -> world.execute(
                "UPDATE " + table + " SET " + column + " = right(id::text, 12) || ? WHERE account_id = ? AND "
                        + EXCEPT.getOrDefault(table, "true"),
                SCRIPT,
                world.accountId)));
        world.execute(
                "UPDATE account SET name = left(?, 64), warning = ?, legal_name = ? WHERE id = ?",
                SCRIPT,
                SCRIPT,
                SCRIPT,
                world.accountId);
        int shown = 0;
        for (Route route : PageIsolationTest.routes()) {
            // That one tells what happens, and does not end.
            if (route.reads() && !route.path().equals("/live")) {
                var page = admin.get(route.isOfAThing() ? route.of(world) : route.path());
                assertThat(page.status()).as(route.path()).isEqualTo(200);
                assertThat(page.body())
                        .as(route.path())
                        .doesNotContain("<script>alert", "</textarea>\"")
                        .doesNotContainPattern("=\"[^\"<>]*\"'>");
                shown += page.body().contains("&lt;script&gt;alert(1)") ? 1 : 0;
            }
        }
        assertThat(shown).isGreaterThan(20);
        assertThat(admin.get("/explain?who=" + encoded(SCRIPT) + "&what=" + encoded(SCRIPT))
                        .body())
                .contains("&lt;script&gt;alert(1)")
                .doesNotContain("<script>alert");
        for (String list : List.of("people", "sites", "resources", "groups", "clients", "gateways", "directories")) {
            assertThat(admin.get("/" + list + "?search=" + encoded("<script>alert(2)"))
                            .body())
                    .as(list)
                    .contains("&lt;script&gt;alert(2)")
                    .doesNotContain("<script>alert(2)");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Map<String, String> fields(String what, String name) {
        var fields = new HashMap<>(Map.of("name", name));
        switch (what) {
            case "people" -> fields.putAll(Map.of("type", "account_user", "email", "grace@acme.example"));
            case "resources" ->
                fields.putAll(Map.of("type", "cidr", "address", "10.9.0.0/16", "connections", world.siteId.toString()));
            case "identity_providers" -> fields.put("type", "password");
            case "directories" -> fields.put("type", "scim");
            case "policy_tests" ->
                fields.putAll(
                        Map.of("actor_id", "user@example.com", "resource_id", "172.20.0.0/16", "can_reach", "true"));
            default -> {}
        }
        return fields;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"people", "sites", "groups", "resources", "identity_providers", "directories", "policy_tests"})
    void shouldTakeWhatPeopleAreCalledAndRefuseWhatIsNoName(String what) throws Exception {
        String name =
                "\u05d0\u05d1\u05d2 \u202eabc\u202c \ud83d\udc69\u200d\ud83d\udcbb \u0f3c\u3064\u25d5_\u25d5\u0f3d\u3064";
        assertThat(admin.post("/" + what, fields(what, name)).status()).as(name).isEqualTo(303);
        assertThat(admin.get("/" + what).body()).contains(name);

        long before = world.count("SELECT count(*) FROM audit_entry WHERE account_id = ?", world.accountId);
        for (String wrong : List.of("x".repeat(10_000), " ", "\u0000", "a\nb", "\ud83d\udc69".repeat(5000))) {
            var refused = admin.post("/" + what, fields(what, wrong));
            assertThat(refused.status()).as("%d characters", wrong.length()).isBetween(400, 499);
            assertThat(refused.body()).as("%d characters", wrong.length()).contains("role=\"alert\"");
        }
        assertThat(world.count("SELECT count(*) FROM audit_entry WHERE account_id = ?", world.accountId))
                .isEqualTo(before);
    }

    /** Of every form, whatever its fields are called: something is answered, and it is not that something went wrong here. */
    @Test
    void shouldFailAtNoFormThatIsFarTooLong() throws Exception {
        var input = Pattern.compile("name=\"([a-z_]+)\"");
        for (Route route : PageIsolationTest.routes()) {
            if (!route.reads() && !route.path().matches(".*(delete|disable|end)$")) {
                String path = route.isOfAThing() ? route.of(world) : route.path();
                Map<String, String> fields = new HashMap<>();
                input.matcher(admin.get(route.path().endsWith("/edit") ? path : path + "/new")
                                .body())
                        .results()
                        .forEach(field -> fields.put(field.group(1), "x".repeat(10_000)));
                for (String usual : List.of("name", "type", "who", "password", "version", "description")) {
                    fields.put(usual, "x".repeat(10_000));
                }
                assertThat(admin.post(path, fields).status()).as(route.path()).isLessThan(500);
            }
        }
    }
}
