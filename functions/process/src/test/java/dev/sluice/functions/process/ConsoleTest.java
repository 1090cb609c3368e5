package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an admin sees of their account, and who does not. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class ConsoleTest {
    private static final String ADA = "Ada <script>alert(1)</script> \"Lovelace\"";

    @Inject
    WebListener web;

    @Inject
    Transactions transactions;

    @Inject
    Sessions sessions;

    @Inject
    TokenService tokens;

    @Inject
    TokenKey key;

    @TestHTTPResource("/")
    URI api;

    private World world;
    private UUID admin;
    private String slug;

    @BeforeEach
    void haveAnAdmin() {
        world = new World(transactions, key);
        admin = Ids.next();
        world.actor(admin, ActorType.ADMIN, ADA, "ada@acme.example");
        slug = SignedInAdmin.slug(world);
        // One admin there is always.
        world.actor(Ids.next(), ActorType.ADMIN, "Grace", "grace@acme.example");
    }

    private Browser browser() {
        return new Browser(URI.create("http://127.0.0.1:" + web.port()));
    }

    private String invite() {
        return sessions.invite(world.accountId, "ada@acme.example").text().value();
    }

    private static Browser.Page open(Browser browser, String slug, String link) throws Exception {
        return browser.get("/" + slug + "/sign_in/link?token=" + link);
    }

    private static Browser.Page enter(Browser browser, String slug, Browser.Page asked) throws Exception {
        return browser.post(
                "/" + slug + "/sign_in/link", Map.of("token", asked.field("token"), "form", asked.field("form")));
    }

    private Browser signedIn() throws Exception {
        var browser = browser();
        var entered = enter(browser, slug, open(browser, slug, invite()));
        assertThat(entered.status()).as(entered.body()).isEqualTo(303);
        assertThat(entered.location()).isEqualTo("/" + slug);
        return browser;
    }

    private long sessionsLeft() {
        return world.count("SELECT count(*) FROM token WHERE account_id = ? AND type = 'browser'", world.accountId);
    }

    private void assertSignedOut(Browser browser) throws Exception {
        var page = browser.get("/" + slug);
        assertThat(page.status()).isEqualTo(303);
        assertThat(page.location()).isEqualTo("/" + slug + "/sign_in?ended=1");
        assertThat(browser.get(page.location()).body()).contains("You must sign in to see this page.");
    }

    @Test
    void shouldShowAnAdminTheirAccountAndNobodyElse() throws Exception {
        var browser = signedIn();
        var page = browser.get("/" + slug);
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        assertThat(page.body())
                .contains("Ada &lt;script&gt;alert(1)&lt;/script&gt; &quot;Lovelace&quot;", "Sign out")
                .contains("A client that is connected <span class=\"state\">to do</span>")
                .contains("A site <span class=\"state\">done</span>")
                .doesNotContain("<script>");
        assertThat(page.header("Content-Security-Policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.header("Cache-Control")).isEqualTo("no-store");
        assertThat(page.header("Referrer-Policy")).isEqualTo("same-origin");

        assertSignedOut(browser());
        assertThat(browser.get("/").body()).contains("Ada &lt;script&gt;", "href=\"/" + slug + "\"");
        assertThat(browser().get("/").body()).doesNotContain("Ada");
    }

    @Test
    void shouldKeepWhatProvesASessionFromScriptsAndOtherSites() throws Exception {
        var browser = browser();
        var entered = enter(browser, slug, open(browser, slug, invite()));
        assertThat(entered.response().headers().allValues("Set-Cookie"))
                .singleElement()
                .asString()
                .startsWith("sluice_session_" + world.accountId + "=")
                .contains("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=36000");
        assertThat(browser.cookies.get("sluice_form")).hasSizeGreaterThan(40);
    }

    /** Session fixation: what a browser brought with it is nothing that signing in adds to. */
    @Test
    void shouldMakeASessionOfItsOwnAtEachSignIn() throws Exception {
        String name = "sluice_session_" + world.accountId;
        String mallory =
                sessions.invite(world.accountId, "grace@acme.example").text().value();
        var attacker = browser();
        enter(attacker, slug, open(attacker, slug, mallory));
        String planted = attacker.cookies.get(name);

        for (String brought : List.of(planted, "chosen-by-somebody-else")) {
            var victim = browser();
            victim.cookies.put(name, brought);
            victim.cookies.put("sluice_form", attacker.cookies.get("sluice_form"));
            assertThat(enter(victim, slug, open(victim, slug, invite())).status())
                    .isEqualTo(303);
            assertThat(victim.cookies.get(name)).isNotEqualTo(brought);
            assertThat(victim.get("/" + slug).body()).contains("Ada &lt;script&gt;");
        }
        assertThat(attacker.get("/" + slug).body()).contains("Grace").doesNotContain("Ada &lt;script&gt;");
    }

    @Test
    void shouldSignInByALinkOnce() throws Exception {
        String link = invite();
        var first = browser();
        var second = browser();
        // What only looks at it uses nothing up.
        var asked = open(first, slug, link);
        var askedToo = open(second, slug, link);
        assertThat(asked.status()).isEqualTo(200);
        assertThat(enter(first, slug, asked).status()).isEqualTo(303);
        assertThat(enter(second, slug, askedToo).status()).isEqualTo(410);
        assertThat(open(second, slug, link).status()).isEqualTo(410);
        assertThat(open(second, slug, link).body()).contains("sign-in-link");
        assertThat(sessionsLeft()).isOne();
    }

    @Test
    void shouldTakeNoLinkThatIsOverOrAnothersOrNone() throws Exception {
        String link = invite();
        world.execute("UPDATE token SET expires_at = now() WHERE account_id = ? AND type = 'sign_in'", world.accountId);
        assertThat(open(browser(), slug, link).status()).isEqualTo(410);
        assertThat(open(browser(), slug, "nonsense").status()).isEqualTo(410);
        assertThat(browser().get("/" + slug + "/sign_in/link").status()).isEqualTo(410);
        // A client's token is no link, and neither is a link a session.
        assertThat(open(browser(), slug, world.clientTokenText).status()).isEqualTo(410);
        var browser = browser();
        browser.cookies.put("sluice_session_" + world.accountId, invite());
        assertSignedOut(browser);

        var other = new World(transactions, key);
        assertThat(open(browser(), SignedInAdmin.slug(other), invite()).status())
                .isEqualTo(410);
        assertThat(open(browser(), "nowhere", invite()).status()).isEqualTo(410);
    }

    @Test
    void shouldTakeOnlyFormsThatItHasShownToThisBrowser() throws Exception {
        var browser = browser();
        var asked = open(browser, slug, invite());
        var elsewhere = open(browser(), slug, invite());
        for (String form : new String[] {"", "x", elsewhere.field("form")}) {
            var refused =
                    browser.post("/" + slug + "/sign_in/link", Map.of("token", asked.field("token"), "form", form));
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("Please send that again");
        }
        browser.with("Sec-Fetch-Site", "cross-site");
        assertThat(enter(browser, slug, asked).status()).isEqualTo(403);
        browser.with("Sec-Fetch-Site", "same-origin");
        assertThat(enter(browser, slug, asked).status()).isEqualTo(303);
        // What was shown to this very browser before it was signed in is bound to no session.
        assertThat(browser.post("/" + slug + "/sign_out", Map.of("form", asked.field("form")))
                        .status())
                .isEqualTo(403);

        var session = signedIn();
        session.with("Origin", "https://attacker.example");
        String form = session.get("/" + slug).field("form");
        assertThat(session.post("/" + slug + "/sign_out", Map.of("form", form)).status())
                .isEqualTo(403);
        session.with("Origin", "null");
        assertThat(session.post("/" + slug + "/sign_out", Map.of("form", form)).status())
                .isEqualTo(403);
        assertThat(session.get("/" + slug).status()).isEqualTo(200);
    }

    @Test
    void shouldSignOut() throws Exception {
        var browser = signedIn();
        var stolen = new Browser(URI.create("http://127.0.0.1:" + web.port()));
        stolen.cookies.putAll(browser.cookies);
        var out = browser.post(
                "/" + slug + "/sign_out", Map.of("form", browser.get("/" + slug).field("form")));
        assertThat(out.status()).isEqualTo(303);
        assertThat(browser.cookies).doesNotContainKey("sluice_session_" + world.accountId);
        assertThat(sessionsLeft()).isZero();
        assertSignedOut(stolen);
        String subject = world.one(
                "SELECT subject FROM audit_entry WHERE account_id = ? AND action = 'token_deleted'"
                        + " ORDER BY id DESC LIMIT 1",
                row -> row.text("subject"),
                world.accountId);
        assertThat(subject).startsWith("actor " + admin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM token WHERE account_id = ? AND type = 'browser'",
                "UPDATE token SET expires_at = now() WHERE account_id = ? AND type = 'browser'",
                "UPDATE actor SET disabled_at = now() WHERE account_id = ? AND name LIKE 'Ada%'",
                "UPDATE account SET disabled_at = now() WHERE id = ?"
            })
    void shouldEndASessionAtOnce(String because) throws Exception {
        var browser = signedIn();
        assertThat(browser.get("/" + slug).status()).isEqualTo(200);
        world.execute(because, world.accountId);
        assertSignedOut(browser);
    }

    @Test
    void shouldShowNothingAnyMoreToWhoIsNoAdminAnyMore() throws Exception {
        var browser = signedIn();
        world.execute("UPDATE actor SET type = 'user' WHERE account_id = ? AND name LIKE 'Ada%'", world.accountId);
        assertThat(browser.get("/" + slug).status()).isEqualTo(404);
        assertThat(browser.get("/" + slug + "/sites").status()).isEqualTo(404);
    }

    @Test
    void shouldBindASessionToItsAccountAndItsBrowser() throws Exception {
        var browser = signedIn();
        String proof = browser.cookies.get("sluice_session_" + world.accountId);
        assertSignedOut(browser.named(Browser.CHROME));
        assertThat(browser.named(Browser.FIREFOX.replace("140", "141"))
                        .get("/" + slug)
                        .status())
                .isEqualTo(200);

        var other = new World(transactions, key);
        var elsewhere = browser();
        elsewhere.cookies.put("sluice_session_" + other.accountId, proof);
        assertThat(elsewhere.get("/" + SignedInAdmin.slug(other)).status()).isEqualTo(303);
    }

    @Test
    void shouldKeepSixAccountsInOneBrowser() throws Exception {
        var browser = browser();
        for (int n = 0; n < 7; n++) {
            haveAnAdmin();
            assertThat(enter(browser, slug, open(browser, slug, invite())).status())
                    .isEqualTo(303);
        }
        assertThat(browser.cookies.keySet().stream()
                        .filter(name -> name.startsWith("sluice_session_"))
                        .count())
                .isEqualTo(6);
        assertThat(browser.get("/" + slug).status()).isEqualTo(200);
    }

    @Test
    void shouldInviteAdminsOnly() {
        assertThat(CommandOutcome.of(Map.of(), "sign-in-link", "--help").out()).contains("signs an admin");
        assertThatThrownBy(() -> sessions.invite(world.accountId, "user@example.com"))
                .hasMessageContaining("There is no admin 'user@example.com'");
        assertThat(sessions.inviteFirst(world.accountId)).isPresent();
        world.execute("UPDATE actor SET disabled_at = now() WHERE account_id = ? AND id = ?", world.accountId, admin);
        assertThatThrownBy(this::invite).hasMessageContaining("who could sign in");
    }

    @Test
    void shouldKeepPagesAndTheApiApart() throws Exception {
        var browser = signedIn();
        // An account may be called as a part of the API is.
        world.execute("UPDATE account SET slug = 'actors' WHERE id = ?", world.accountId);
        assertThat(browser.get("/actors").body()).contains("Sign out");
        for (String path :
                new String[] {"/" + slug + "/actors", "/openapi/x", "/web/actors", "/../actors/x", "/q/health"}) {
            var page = browser.get(path);
            assertThat(page.status()).as(path).isEqualTo(404);
        }
        assertThat(browser.get("/assets/console.css").body()).contains("color-scheme");
        assertThat(browser.get("/healthz").body()).contains("ok");
        for (String path : new String[] {"/web/actors", "/web/", "/web/assets/console.css"}) {
            assertThat(ApiCaller.of(api, world, tokens).get(path).status())
                    .as(path)
                    .isEqualTo(404);
        }
    }

    @Test
    void shouldAnswerForAnAccountThatThereIsNotAsForOneThatThereIs() throws Exception {
        String there = browser().get("/" + slug + "/sign_in").body();
        String nowhere = browser().get("/nowhere/sign_in").body();
        assertThat(nowhere.replace("nowhere", slug)).isEqualTo(there);
        assertThat(browser().get("/nowhere").location()).isEqualTo("/nowhere/sign_in?ended=1");
        assertThat(browser().get("/?account=%2F%2Fattacker.example").location()).isEqualTo("/%2F%2Fattacker.example");
        assertThat(browser().get("/%3Cscript%3Ealert(1)%3C%2Fscript%3E/sign_in").body())
                .doesNotContain("<script>");
    }

    @Test
    void shouldNotListWhatAPersonIsSignedInByAmongAClientsTokens() throws Exception {
        signedIn();
        var caller = ApiCaller.of(api, world, tokens);
        String path = "/actors/" + admin + "/client_tokens";
        assertThat(caller.get(path).data()).isEmpty();
        var listed = caller.get("/tokens").data();
        assertThat(listed.findValuesAsText("type")).contains("browser");
        assertThat(listed.findValuesAsText("name")).contains("Firefox");
        // Who is signed out everywhere is signed out here, too.
        assertThat(caller.delete(path).status()).isEqualTo(200);
        assertThat(sessionsLeft()).isZero();
    }

    @Test
    void shouldHaveNoSignUpWhereNobodyHasSaidForWhom() throws Exception {
        assertThat(browser().get("/sign-up").status()).isEqualTo(404);
        assertThat(browser().get("/sign-up/confirm?token=x").status()).isEqualTo(404);
        assertThat(browser().get("/").body()).doesNotContain("Make an account");
    }
}
