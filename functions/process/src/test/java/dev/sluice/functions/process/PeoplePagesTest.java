package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.auth.TokenVerifier;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** People, as an admin sees and changes them. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class PeoplePagesTest {
    private static final Pattern TOKEN = Pattern.compile("^(\\.SFMyNTY\\.[A-Za-z0-9_.-]+)$", Pattern.MULTILINE);

    @Inject
    WebListener web;

    @Inject
    Transactions transactions;

    @Inject
    Sessions sessions;

    @Inject
    TokenVerifier verifier;

    @Inject
    TokenKey key;

    private World world;
    private SignedInAdmin admin;

    @BeforeEach
    void signIn() throws Exception {
        world = new World(transactions, key);
        admin = SignedInAdmin.of(world, sessions, web);
    }

    private Browser.Page create(String name, String type, String email) throws Exception {
        return admin.post("/people", Map.of("name", name, "type", type, "email", email));
    }

    private String path(Browser.Page done) {
        assertThat(done.status()).as(done.body()).isEqualTo(303);
        return done.location().substring(("/" + admin.slug()).length());
    }

    @Test
    void shouldMakeAPersonAndTheirClientsToken() throws Exception {
        String person = path(create("Grace <Hopper>", "account_user", "grace@acme.example"));
        assertThat(admin.get(person).body())
                .contains("<h1>Grace &lt;Hopper&gt;</h1>", "grace@acme.example", "no flow", ">user<");
        assertThat(admin.get("/people?search=Grace").body()).contains(person, "enabled");
        assertThat(admin.get("/people?search=Nobody").body()).contains("Nobody's name begins with");

        var made = admin.post(person + "/tokens", Map.of());
        assertThat(made.status()).isEqualTo(201);
        Matcher token = TOKEN.matcher(made.body());
        assertThat(token.find()).isTrue();
        assertThat(verifier.authenticate(TokenType.CLIENT, token.group(1))).isInstanceOf(Authentication.Accepted.class);
        String after = admin.get(person).body();
        assertThat(after).doesNotContain("SFMyNTY");
        Matcher withdrawal =
                Pattern.compile("/people/[0-9a-f-]+/tokens/[0-9a-f-]+/delete").matcher(after);
        assertThat(withdrawal.find()).isTrue();
        assertThat(path(admin.post(withdrawal.group(), Map.of()))).isEqualTo(person);
        assertThat(verifier.authenticate(TokenType.CLIENT, token.group(1))).isInstanceOf(Authentication.Refused.class);
        assertThat(path(create("Backup", "service_account", ""))).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "name,'',account_user,x@acme.example",
        "name,a\u0007b,account_user,x@acme.example",
        "type,Grace,emperor,x@acme.example",
        "email,Grace,account_user,nonsense",
        "email,Grace,account_user,user@example.com",
        "email,Backup,service_account,x@acme.example"
    })
    void shouldSayBesideTheFieldWhatIsWrong(String field, String name, String type, String email) throws Exception {
        long before = world.count("SELECT count(*) FROM actor WHERE account_id = ?", world.accountId);
        var refused = create(name, type, email);
        assertThat(refused.status()).as(refused.body()).isEqualTo(422);
        assertThat(refused.body()).contains("id=\"" + field + "-error\" role=\"alert\"");
        assertThat(world.count("SELECT count(*) FROM actor WHERE account_id = ?", world.accountId))
                .isEqualTo(before);
    }

    @Test
    void shouldChangeSomebodyUnlessAnotherAdminHas() throws Exception {
        String person = path(create("Grace", "account_user", "grace@acme.example"));
        var form = admin.get(person + "/edit");
        assertThat(form.body()).contains("value=\"Grace\"", "value=\"grace@acme.example\"");
        var wanted = new HashMap<>(Map.of(
                "name", "Grace Hopper",
                "type", "account_admin_user",
                "email", "hopper@acme.example",
                "version", form.field("version")));
        assertThat(path(admin.post(person + "/edit", wanted))).isEqualTo(person);
        assertThat(admin.get(person).body()).contains("<h1>Grace Hopper</h1>", "hopper@acme.example", ">admin<");

        wanted.put("name", "Mine");
        var second = admin.post(person + "/edit", wanted);
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.body())
                .contains("It is now: Grace Hopper, account_admin_user, hopper@acme.example", "value=\"Mine\"");
        for (var wrong : Map.of("name", "", "type", "emperor", "email", "user@example.com")
                .entrySet()) {
            var refused = new HashMap<>(wanted);
            refused.put("version", second.field("version"));
            refused.put(wrong.getKey(), wrong.getValue());
            var page = admin.post(person + "/edit", refused);
            assertThat(page.status()).as(wrong.getKey()).isEqualTo(422);
            assertThat(page.body()).contains("id=\"" + wrong.getKey() + "-error\" role=\"alert\"");
        }
    }

    /** A directory says who they are; an admin of here, what they may. */
    @Test
    void shouldChangeOfADirectorysPersonTheTypeAlone() throws Exception {
        PublishedApi.addDirectoryAndProvider(world);
        world.execute(
                "UPDATE actor SET directory_id = (SELECT id FROM directory WHERE account_id = ?) WHERE account_id = ? AND id = ?",
                world.accountId,
                world.accountId,
                world.actorId);
        String person = "/people/" + world.actorId;
        var form = admin.get(person + "/edit");
        assertThat(form.body()).contains("said by the directory").doesNotContain("id=\"name\"", "id=\"email\"");
        path(admin.post(person + "/edit", Map.of("type", "account_admin_user", "version", form.field("version"))));
        assertThat(admin.get(person).body()).contains(">admin<");
        var named = admin.post(
                person + "/edit",
                Map.of("name", "Mine", "version", admin.get(person + "/edit").field("version")));
        assertThat(named.status()).isEqualTo(422);
        assertThat(named.body()).contains("directory");
    }

    @Test
    void shouldEndWhatSomebodyHas() throws Exception {
        world.authorize();
        String person = "/people/" + world.actorId;
        assertThat(admin.get(person).body()).contains("1 flow", "all that they have ends at once");
        assertThat(path(admin.post(person + "/disable", Map.of()))).isEqualTo(person);
        assertThat(world.flowCount()).isZero();
        assertThat(admin.get(person).body()).contains("do not come in", "Enable them");
        admin.post(person + "/enable", Map.of());
        world.authorize();
        assertThat(admin.get(person + "/delete").body()).contains("This ends 1 flow of theirs at once.");
        assertThat(path(admin.post(person + "/delete", Map.of()))).isEqualTo("/people");
        assertThat(world.flowCount()).isZero();
        assertThat(admin.get(person).status()).isEqualTo(404);
    }

    @Test
    void shouldKeepTheLastAdmin() throws Exception {
        for (String way : List.of("/disable", "/delete")) {
            var refused = admin.post("/people/" + admin.actor() + way, Map.of());
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.body()).contains("the last enabled admin");
        }
        assertThat(admin.get("/people/" + admin.actor()).body()).contains("enabled");
    }

    @Test
    void shouldNotKnowWhoIsAnothersAndTakeNoFormThatIsNotItsOwn() throws Exception {
        var other = new World(transactions, key);
        for (String person : List.of("/people/" + other.actorId, "/people/" + Ids.next())) {
            assertThat(admin.get(person).status()).isEqualTo(404);
            assertThat(admin.get(person + "/delete").status()).isEqualTo(404);
            for (String way : List.of(
                    "/disable", "/enable", "/delete", "/tokens", "/tokens/" + other.clientToken.id() + "/delete")) {
                assertThat(admin.post(person + way, Map.of()).status()).as(way).isEqualTo(404);
            }
        }
        String own = "/people/" + world.actorId;
        for (String path : List.of(
                "/people",
                own + "/disable",
                own + "/enable",
                own + "/delete",
                own + "/tokens",
                own + "/tokens/" + world.clientToken.id() + "/delete")) {
            var refused = admin.browser().post(admin.address(path), Map.of("name", "x", "form", "x"));
            assertThat(refused.status()).as(path).isEqualTo(403);
        }
    }

    /** By name is in whatever case; pages go on in the order that was chosen, and a search keeps it. */
    @Test
    void shouldShowAListInTheOrderThatIsChosen() throws Exception {
        for (String name : List.of("mallory", "Bob", "alice", "Bob", "Carol")) {
            world.actor(Ids.next(), ActorType.USER, name, null);
        }
        assertThat(walk("/people?sort=name&limit=2"))
                .containsExactly("Ada", "alice", "Bob", "Bob", "Carol", "mallory", "User");
        assertThat(walk("/people?sort=latest&limit=3"))
                .isEqualTo(walk("/people?limit=3").reversed())
                .hasSize(7);
        assertThat(walk("/people?sort=name&search=bo&limit=1")).containsExactly("Bob", "Bob");
        assertThat(admin.get("/people?sort=nonsense").status()).isEqualTo(200);
        for (String list : List.of("sites", "resources", "policies", "groups", "clients", "flows", "tokens")) {
            assertThat(admin.get("/" + list + "?sort=name").status()).as(list).isEqualTo(200);
        }
    }

    @Test
    void shouldNarrowWhatHasNoName() throws Exception {
        world.authorize();
        UUID other = world.resource("10.9.0.0/16");
        world.policyFor(other);
        for (String mine : List.of("", "&who=user@example.com", "&what=172.20.0.0/16", "&who=User&sort=latest")) {
            assertThat(admin.get("/flows?" + mine).body())
                    .as(mine)
                    .contains("End it")
                    .doesNotContain("no such flow");
        }
        assertThat(admin.get("/flows?who=Ada").body())
                .contains("There is no such flow now.")
                .doesNotContain("End it");
        assertThat(admin.get("/flows?what=10.9.0.0/16&who=").body()).contains("There is no such flow now.");
        assertThat(admin.get("/policies?resource=10.9.0.0/16").body())
                .contains("10.9.0.0/16")
                .doesNotContain("/policies/" + world.policyId);
        assertThat(admin.get("/policies?group=Group&limit=1").body()).contains("/policies?group=Group&amp;sort=latest");
        assertThat(admin.get("/policies?group=Everyone").body()).contains("No such policy.");
        for (String nobody : List.of("/flows?who=nobody", "/flows?what=nothing", "/policies?group=none")) {
            var refused = admin.get(nobody);
            assertThat(refused.status()).as(nobody).isEqualTo(422);
            assertThat(refused.body()).contains("-error\" role=\"alert\"");
        }
        world.execute("UPDATE token SET name = 'Rack 7' WHERE id = ?", world.gatewayToken.id());
        assertThat(admin.get("/tokens?search=Rack+7").body())
                .contains(world.gatewayToken.id().toString())
                .doesNotContain(world.clientToken.id().toString());
        assertThat(admin.get("/tokens?search=Rack+8").body()).contains("No token is called “Rack 8”");
    }

    /** Forwards to the end; the way back shows the same. */
    private List<String> walk(String path) throws Exception {
        List<String> names = new ArrayList<>();
        List<String> back = new ArrayList<>();
        String at = path;
        String last = path;
        while (!at.isEmpty()) {
            var page = admin.get(at);
            names.addAll(named(page));
            last = at;
            at = link(page, "next");
        }
        for (String here = last; !here.isEmpty(); here = link(admin.get(here), "prev")) {
            back.addAll(0, named(admin.get(here)));
        }
        assertThat(back).as(path).isEqualTo(names);
        return names;
    }

    private static List<String> named(Browser.Page page) {
        return Pattern.compile("/people/[0-9a-f-]{36}\">([^<]*)</a>")
                .matcher(page.body())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private String link(Browser.Page page, String relation) {
        var found =
                Pattern.compile("<a href=\"([^\"]*)\" rel=\"" + relation + "\"").matcher(page.body());
        return found.find() ? found.group(1).replace("&amp;", "&").substring(("/" + admin.slug()).length()) : "";
    }
}
