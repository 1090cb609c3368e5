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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups and who is in them, clients and which are verified, and the audit, as an admin sees them. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class GroupPagesTest {
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

    private Browser.Page rename(String path, String name) throws Exception {
        return admin.post(path, Map.of("name", name, "version", admin.get(path).field("version")));
    }

    @Test
    void shouldShowTheSecondOfTwoAdminsWhatTheFirstHasDone() throws Exception {
        for (String path : List.of("/groups/" + world.groupId, "/sites/" + world.siteId)) {
            String version = admin.get(path).field("version");
            path(admin.post(path, Map.of("name", "Theirs", "version", version)));
            var second = admin.post(path, Map.of("name", "Mine", "version", version));
            assertThat(second.status()).as(path).isEqualTo(409);
            assertThat(second.body()).contains("Somebody has changed it", "It is now: Theirs", "value=\"Mine\"");
            path(admin.post(path, Map.of("name", "Mine", "version", second.field("version"))));
            assertThat(admin.get(path).body()).contains("<h1>Mine</h1>");
        }
    }

    @Test
    void shouldMakeAGroupAndSayWhoIsInIt() throws Exception {
        String group = path(admin.post("/groups", Map.of("name", "Crew <1>")));
        assertThat(admin.get(group).body()).contains("<h1>Crew &lt;1&gt;</h1>", "Nobody is in it yet.");
        assertThat(admin.get("/groups?search=Crew").body()).contains(group, "admins");
        assertThat(admin.get("/groups?search=Nobody").body()).contains("No group's name begins with");

        assertThat(path(admin.post(group + "/members", Map.of("who", "user@example.com"))))
                .isEqualTo(group);
        assertThat(admin.get(group).body()).contains("/people/" + world.actorId, "Take out");
        for (String nobody : List.of("", "nobody@acme.example")) {
            var refused = admin.post(group + "/members", Map.of("who", nobody));
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.body()).contains("id=\"who-error\" role=\"alert\"");
        }
        path(admin.post(group + "/members/" + world.actorId + "/delete", Map.of()));
        assertThat(admin.get(group).body()).contains("Nobody is in it yet.");

        assertThat(path(rename(group, "Crew 2"))).isEqualTo(group);
        for (String wrong : List.of("", "Group", "a\u0007b", "x".repeat(256))) {
            var refused = rename(group, wrong);
            assertThat(refused.status()).as(wrong).isEqualTo(422);
            assertThat(refused.body()).contains("id=\"name-error\" role=\"alert\"");
        }
    }

    @Test
    void shouldSayWhatTheEndOfAGroupEnds() throws Exception {
        world.authorize();
        String group = "/groups/" + world.groupId;
        assertThat(admin.get(group + "/delete").body())
                .contains("1 policy goes with it", "This ends 1 flow of 1 person at once.");
        path(admin.post(group + "/members/" + world.actorId + "/delete", Map.of()));
        assertThat(world.flowCount()).isZero();
        assertThat(path(admin.post(group + "/delete", Map.of()))).isEqualTo("/groups");
        assertThat(admin.get(group).status()).isEqualTo(404);
    }

    @Test
    void shouldLeaveTheGroupOfEveryoneAsItIs() throws Exception {
        UUID everyone = world.one(
                "SELECT id FROM actor_group WHERE account_id = ? AND type = 'everyone'",
                row -> row.id("id"),
                world.accountId);
        assertThat(admin.get("/groups/" + everyone).body())
                .contains("/people/" + world.actorId)
                .doesNotContain("Put them in", "Delete this group");
        for (String change : List.of("", "/members", "/delete", "/members/" + world.actorId + "/delete")) {
            assertThat(admin.post("/groups/" + everyone + change, Map.of("name", "X", "who", "user@example.com"))
                            .status())
                    .as(change)
                    .isBetween(400, 499);
        }
    }

    @Test
    void shouldVerifyAClientAndTakeThatBack() throws Exception {
        world.authorize();
        String client = "/clients/" + world.client.id();
        assertThat(admin.get("/clients").body()).contains(client);
        assertThat(admin.get(client).body()).contains("User", "verify it", "1 flow");
        assertThat(path(admin.post(client + "/verify", Map.of()))).isEqualTo(client);
        world.execute(
                "UPDATE policy SET conditions = '[{\"property\":\"client_verified\",\"operator\":\"is\",\"values\":[\"true\"]}]'"
                        + " WHERE account_id = ?",
                world.accountId);
        world.authorize();
        assertThat(admin.get(client).body()).contains("verified no more: this ends 1 flow");
        path(admin.post(client + "/unverify", Map.of()));
        assertThat(world.flowCount()).isZero();
        assertThat(admin.get(client + "/delete").body()).contains("It reaches nothing now.");
        assertThat(path(admin.post(client + "/delete", Map.of()))).isEqualTo("/clients");
        assertThat(admin.get(client).status()).isEqualTo(404);
        assertThat(admin.get("/clients").body()).contains("No client has signed in yet.");
    }

    @Test
    void shouldShowWhatWasDoneByWhomAndWhatItWasBefore() throws Exception {
        world.authorize();
        String site = "/sites/" + world.siteId;
        path(rename(site, "Vienna <2>"));
        String changed = admin.get("/audit?action=site_changed").body();
        assertThat(changed)
                .contains("<code>site_changed</code>", "title=\"actor " + admin.actor(), ">Ada<", "<del>Site</del>")
                .contains("<ins>Vienna &lt;2&gt;</ins>")
                .doesNotContain("flow_granted");
        assertThat(admin.get("/audit").body()).contains("flow_granted", "User · ");
        assertThat(admin.get("/audit?action=&reason=&subject=&since=&until=").body())
                .contains("flow_granted");
        assertThat(admin.get("/audit?until=2000-01-01T00:00:00Z").body()).contains("Nothing of that is recorded.");
        var refused = admin.get("/audit?since=yesterday");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("id=\"since-error\" role=\"alert\"");
        String paged = admin.get("/audit?limit=2&subject=operator").body();
        assertThat(paged).doesNotContain("flow_granted");
        assertThat(admin.get("/audit?limit=1").body()).contains("page_cursor=");
        var next = Pattern.compile("href=\"(/[^\"]*audit\\?[^\"]*page_cursor=[^\"]*)\" rel=\"next\"")
                .matcher(admin.get("/audit?limit=1&action=token_created").body());
        assertThat(next.find()).isTrue();
        assertThat(admin.browser().get(next.group(1).replace("&amp;", "&")).body())
                .contains("token_created")
                .doesNotContain("flow_granted");
    }
}
