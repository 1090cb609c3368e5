package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Ids;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Resources, policies and flows, as an admin sees and changes them. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class ResourcePagesTest {
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

    private Map<String, String> resource(String field, String value) {
        var fields = new HashMap<>(Map.of(
                "name", "Servers",
                "type", "cidr",
                "address", "10.1.0.0/16",
                "connections", world.siteId.toString(),
                "filters", "tcp:80-90, icmp"));
        fields.put(field, value);
        return fields;
    }

    private String path(Browser.Page created) {
        assertThat(created.status()).as(created.body()).isEqualTo(303);
        return created.location().substring(("/" + admin.slug()).length());
    }

    @Test
    void shouldLetAGroupReachANewResource() throws Exception {
        assertThat(admin.get("/resources/new").body())
                .contains("> Site</label>")
                .doesNotContain("> Internet</label>");
        String resource = path(admin.post("/resources", resource("name", "Servers")));
        assertThat(admin.get(resource).body())
                .contains("<h1>Servers</h1>", "10.1.0.0/16", "tcp:80-90", "icmp", ">Site</a>");
        assertThat(admin.get("/resources?search=Serv").body()).contains(resource);
        assertThat(admin.get("/policies/new?resource=Servers").body())
                .contains("value=\"Servers\"", "value=\"Everyone\"");

        String policy = path(admin.post(
                "/policies",
                Map.of("actor_group_id", "Everyone", "resource_id", "Servers", "description", "For <b>all</b>")));
        assertThat(admin.get(policy).body())
                .contains("<h1>Everyone → Servers</h1>", "allows", "For &lt;b&gt;all&lt;/b&gt;");
        assertThat(admin.get("/policies").body()).contains("Everyone → Servers");
        String by = world.one(
                "SELECT subject FROM audit_entry WHERE account_id = ? AND action = 'policy_created' ORDER BY id DESC LIMIT 1",
                row -> row.text("subject"),
                world.accountId);
        assertThat(by).startsWith("actor " + admin.actor());
    }

    @ParameterizedTest
    @CsvSource({
        "name,''",
        "name,a\u0007b",
        "type,net",
        "address,''",
        "address,10.1.0.0/99",
        "address,somewhere",
        "filters,tcp:90-80",
        "filters,http",
        "connections,''",
        "connections,nonsense",
        "connections,01a22e0c-4f9e-75ae-9b1b-61619375df7a"
    })
    void shouldSayBesideTheFieldWhatIsWrong(String field, String value) throws Exception {
        long before = world.count("SELECT count(*) FROM resource WHERE account_id = ?", world.accountId);
        var refused = admin.post("/resources", resource(field, value));
        assertThat(refused.status()).as(refused.body()).isEqualTo(422);
        assertThat(refused.body()).contains("id=\"" + field + "-error\" role=\"alert\"", "<h1>New resource</h1>");
        assertThat(world.count("SELECT count(*) FROM resource WHERE account_id = ?", world.accountId))
                .isEqualTo(before);
    }

    @Test
    void shouldChangeAResource() throws Exception {
        String resource = "/resources/" + world.resourceId;
        world.authorize();
        var form = admin.get(resource + "/edit");
        assertThat(form.body()).contains("1 flow leads", "of 1 person", "checked> Site</label>");
        var wanted = new HashMap<>(resource("address_description", "https://wiki.example.com"));
        wanted.put("version", form.field("version"));
        assertThat(path(admin.post(resource + "/edit", wanted))).isEqualTo(resource);
        assertThat(admin.get(resource).body())
                .contains("<h1>Servers</h1>", "10.1.0.0/16", "tcp:80-90", "https://wiki.example.com");
        assertThat(world.flowCount()).isZero();

        wanted.put("version", admin.get(resource + "/edit").field("version"));
        wanted.put("address_description", "");
        wanted.put("filters", "");
        path(admin.post(resource + "/edit", wanted));
        assertThat(admin.get(resource).body())
                .contains("everything")
                .doesNotContain("https://wiki.example.com", "tcp:80-90");
        wanted.put("version", admin.get(resource + "/edit").field("version"));
        for (var wrong : Map.of("name", "", "address", "somewhere", "connections", "", "filters", "http")
                .entrySet()) {
            var refused = new HashMap<>(wanted);
            refused.put(wrong.getKey(), wrong.getValue());
            var page = admin.post(resource + "/edit", refused);
            assertThat(page.status()).as(wrong.getKey()).isEqualTo(422);
            assertThat(page.body()).contains("id=\"" + wrong.getKey() + "-error\" role=\"alert\"");
        }
    }

    @Test
    void shouldShowTheSecondOfTwoAdminsWhatTheFirstHasDone() throws Exception {
        String resource = "/resources/" + world.resourceId;
        var wanted =
                new HashMap<>(resource("version", admin.get(resource + "/edit").field("version")));
        path(admin.post(resource + "/edit", wanted));
        wanted.put("name", "Mine");
        var second = admin.post(resource + "/edit", wanted);
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.body())
                .contains(
                        "Somebody has changed it", "It is now: Servers, 10.1.0.0/16, served by Site", "value=\"Mine\"");
        wanted.put("version", second.field("version"));
        path(admin.post(resource + "/edit", wanted));
        assertThat(admin.get(resource).body()).contains("<h1>Mine</h1>");
    }

    @Test
    void shouldSayWhatIsWrongWithAPolicy() throws Exception {
        world.resource("10.9.0.0/16");
        world.resource("10.8.0.0/16");
        world.execute(
                "UPDATE resource SET name = CASE address WHEN '10.8.0.0/16' THEN 'Solo' ELSE 'Net' END WHERE account_id = ?",
                world.accountId);
        for (var wrong : List.of(
                Map.of("actor_group_id", "Nobody", "resource_id", "Solo"),
                Map.of("actor_group_id", "Everyone", "resource_id", "Nothing"),
                Map.of("actor_group_id", "Everyone", "resource_id", "Net"),
                Map.of("actor_group_id", "", "resource_id", "Solo"))) {
            var refused = admin.post("/policies", wrong);
            assertThat(refused.status()).as(refused.body()).isEqualTo(422);
            assertThat(refused.body()).contains("-error\" role=\"alert\"");
        }
        var tooLong = admin.post(
                "/policies",
                Map.of("actor_group_id", "Everyone", "resource_id", "Solo", "description", "x".repeat(1025)));
        assertThat(tooLong.body()).contains("id=\"description-error\"");
    }

    @Test
    void shouldEndWhatRestsOnAPolicyOrAResource() throws Exception {
        world.authorize();
        String policy = "/policies/" + world.policyId;
        assertThat(admin.get(policy).body())
                .contains("1 flow of 1 person", "what no other policy allows of that ends at once");
        assertThat(path(admin.post(policy + "/disable", Map.of()))).isEqualTo(policy);
        assertThat(world.flowCount()).isZero();
        assertThat(admin.get(policy).body()).contains("it allows nothing", "Enable it");
        admin.post(policy + "/enable", Map.of());
        world.authorize();

        String resource = "/resources/" + world.resourceId;
        assertThat(admin.get(resource + "/delete").body())
                .contains("1 policy goes with it", "This ends 1 flow of 1 person at once.");
        assertThat(path(admin.post(resource + "/delete", Map.of()))).isEqualTo("/resources");
        assertThat(world.flowCount()).isZero();
        assertThat(admin.get(policy).status()).isEqualTo(404);
    }

    @Test
    void shouldSayWhyAPolicyStays() throws Exception {
        PublishedApi.addPolicyTest(world);
        world.execute("UPDATE policy_test SET name = 'They work' WHERE account_id = ?", world.accountId);
        world.execute("UPDATE account SET policy_tests_enforced = true WHERE id = ?", world.accountId);
        for (String way : List.of("/disable", "/delete")) {
            var refused = admin.post("/policies/" + world.policyId + way, Map.of());
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.body()).contains("They work");
        }
        assertThat(admin.get("/policies/" + world.policyId).body()).contains("allows");
    }

    @Test
    void shouldShowFlowsAndEndOne() throws Exception {
        assertThat(admin.get("/flows").body()).contains("Nobody reaches anything now");
        world.authorize();
        String body = admin.get("/flows").body();
        assertThat(body).contains("User", "Net 172.20.0.0/16", "/policies/" + world.policyId);
        var end = java.util.regex.Pattern.compile("/flows/[0-9a-f-]+/end").matcher(body);
        assertThat(end.find()).isTrue();
        assertThat(path(admin.post(end.group(), Map.of()))).isEqualTo("/flows");
        assertThat(world.flowCount()).isZero();
        assertThat(admin.post(end.group(), Map.of()).status()).isEqualTo(404);
    }

    @Test
    void shouldExplainWhoReachesWhat() throws Exception {
        world.execute(
                "UPDATE policy SET conditions = ?::jsonb WHERE account_id = ?",
                "[{\"property\":\"remote_ip\",\"operator\":\"is_in_cidr\",\"values\":[\"192.0.2.0/24\"]}]",
                world.accountId);
        String about = "/explain?who=user@example.com&what=172.20.0.0/16";
        assertThat(admin.get("/explain").body()).contains("<h1>Explain</h1>").doesNotContain("Policies about it");
        assertThat(admin.get(about + "&remote_ip=192.0.2.7").body())
                .contains(
                        "<span class=\"on\">yes</span>",
                        "<span class=\"on\">this one</span>",
                        "seen <code>192.0.2.7</code>");
        assertThat(admin.get(about + "&remote_ip=198.51.100.7").body())
                .contains(": no</h2>", "does not hold", "remote_ip is_in_cidr 192.0.2.0/24", "198.51.100.7");

        for (var wrong : List.of("&remote_ip=x", "&region=Germany", "&at=yesterday")) {
            var refused = admin.get(about + wrong);
            assertThat(refused.status()).as(wrong).isEqualTo(422);
            assertThat(refused.body()).contains("-error\" role=\"alert\"");
        }
        assertThat(admin.get("/explain?who=nobody&what=172.20.0.0/16").body())
                .contains("There is no person &#39;nobody&#39;");
        // As a browser sends what is left empty.
        assertThat(admin.get(about + "&remote_ip=&region=&at=").status()).isEqualTo(200);
        assertThat(admin.get("/explain?who=&what=172.20.0.0/16").status()).isEqualTo(422);
        assertThat(world.flowCount()).isZero();
    }

    @Test
    void shouldNotKnowWhatIsAnothers() throws Exception {
        var other = new World(transactions, key);
        other.authorize();
        var flow = other.one("SELECT id FROM flow WHERE account_id = ?", row -> row.id("id"), other.accountId);
        for (String path : List.of(
                "/resources/" + other.resourceId,
                "/resources/" + other.resourceId + "/delete",
                "/policies/" + other.policyId,
                "/resources/" + Ids.next(),
                "/policies/" + Ids.next())) {
            assertThat(admin.get(path).status()).as(path).isEqualTo(404);
        }
        for (String path : List.of(
                "/resources/" + other.resourceId + "/delete",
                "/policies/" + other.policyId + "/delete",
                "/policies/" + other.policyId + "/disable",
                "/flows/" + flow + "/end")) {
            assertThat(admin.post(path, Map.of()).status()).as(path).isEqualTo(404);
        }
        assertThat(admin.post("/resources", resource("connections", other.siteId.toString()))
                        .status())
                .isEqualTo(422);
        assertThat(other.flowCount()).isOne();
    }

    @Test
    void shouldTakeNoFormThatIsNotItsOwn() throws Exception {
        world.authorize();
        var flow = world.one("SELECT id FROM flow WHERE account_id = ?", row -> row.id("id"), world.accountId);
        for (String path : List.of(
                "/resources",
                "/resources/" + world.resourceId + "/delete",
                "/policies",
                "/policies/" + world.policyId + "/delete",
                "/policies/" + world.policyId + "/disable",
                "/policies/" + world.policyId + "/enable",
                "/flows/" + flow + "/end")) {
            var refused = admin.browser().post(admin.address(path), Map.of("name", "x", "form", "x"));
            assertThat(refused.status()).as(path).isEqualTo(403);
        }
        assertThat(world.flowCount()).isOne();
    }

    private Browser.Page edit(String policy, String version, Map<String, String> fields) throws Exception {
        var all = new HashMap<>(fields);
        all.put("version", version);
        return admin.post(policy + "/edit", all);
    }

    private String conditions() {
        return world.one(
                "SELECT conditions FROM policy WHERE account_id = ? AND id = ?",
                row -> row.text("conditions"),
                world.accountId,
                world.policyId);
    }

    @Test
    void shouldChangeWhatAPolicyAsksForAndShowItAgain() throws Exception {
        String policy = "/policies/" + world.policyId;
        var page = admin.get(policy + "/edit");
        var changed = edit(
                policy,
                page.field("version"),
                Map.of(
                        "description", "At work",
                        "addresses", "192.0.2.0/24, 2001:db8::/32",
                        "not_countries", "ru, by",
                        "providers", "E-mail",
                        "times", "M/08:00:00-17:00:00/UTC\r\nT/09:00:00-12:00:00/UTC",
                        "verified", "true"));
        assertThat(path(changed)).isEqualTo(policy);
        assertThat(conditions())
                .contains("is_in_cidr", "2001:db8::/32", "\"RU\", \"BY\"", "client_verified")
                .contains("M/08:00:00-17:00:00/UTC", "T/09:00:00-12:00:00/UTC", "provider_id");
        assertThat(admin.get(policy + "/edit").body())
                .contains("value=\"At work\"", "value=\"192.0.2.0/24, 2001:db8::/32\"", "value=\"RU, BY\"")
                .contains("value=\"E-mail\"", "T/09:00:00-12:00:00/UTC</textarea>", "value=\"true\" selected");
        // What is emptied is asked for no more.
        path(edit(policy, admin.get(policy + "/edit").field("version"), Map.of("description", "At work")));
        assertThat(conditions()).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource({
        "addresses,nowhere",
        "not_addresses,10.0.0.0/99",
        "countries,Austria",
        "not_countries,1",
        "providers,Nobody",
        "times,always"
    })
    void shouldSayBesideTheFieldWhatIsNoCondition(String field, String value) throws Exception {
        String policy = "/policies/" + world.policyId;
        var refused = edit(policy, admin.get(policy + "/edit").field("version"), Map.of(field, value));
        assertThat(refused.status()).as(refused.body()).isEqualTo(422);
        assertThat(refused.body()).contains("id=\"" + field + "-error\" role=\"alert\"", value);
        assertThat(conditions()).isEqualTo("[]");
    }

    @Test
    void shouldShowWhatAnotherAdminHasChangedMeanwhile() throws Exception {
        String policy = "/policies/" + world.policyId;
        String shown = admin.get(policy + "/edit").field("version");
        path(edit(policy, shown, Map.of("countries", "DE")));

        var late = edit(policy, shown, Map.of("addresses", "192.0.2.1"));

        assertThat(late.status()).isEqualTo(409);
        assertThat(late.body()).contains("Somebody has changed it", "is_in DE", "value=\"192.0.2.1\"");
        assertThat(conditions()).contains("DE").doesNotContain("192.0.2.1");
        path(edit(policy, late.field("version"), Map.of("addresses", "192.0.2.1")));
        assertThat(conditions()).contains("192.0.2.1").doesNotContain("DE");
    }

    /** A second condition of a kind, and one that there is no field for, are the API's to change. */
    @Test
    void shouldKeepConditionsThatHaveNoField() throws Exception {
        world.execute(
                "UPDATE policy SET conditions = ?::jsonb WHERE account_id = ? AND id = ?",
                "[{\"property\":\"remote_ip\",\"operator\":\"is_in_cidr\",\"values\":[\"192.0.2.0/24\"]},"
                        + "{\"property\":\"remote_ip\",\"operator\":\"is_in_cidr\",\"values\":[\"192.0.2.0/25\"]},"
                        + "{\"property\":\"client_verified\",\"operator\":\"is\",\"values\":[\"false\"]}]",
                world.accountId,
                world.policyId);
        String policy = "/policies/" + world.policyId;
        var page = admin.get(policy + "/edit");
        assertThat(page.body()).contains("remote_ip is_in_cidr 192.0.2.0/25", "client_verified is false");
        path(edit(policy, page.field("version"), Map.of("addresses", "198.51.100.0/24")));
        assertThat(conditions())
                .contains("198.51.100.0/24", "192.0.2.0/25", "false")
                .doesNotContain("192.0.2.0/24");
    }
}
