package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in by a code that a real server sends, behind a proxy that has the certificate. */
@QuarkusTest
@TestProfile(MailProfile.class)
@WithTestResource(DatabaseTestResource.class)
class EmailSignInTest {
    @Inject
    WebListener web;

    @Inject
    Transactions transactions;

    @Inject
    TokenKey key;

    private final GreenMail server = MailProfile.server();
    private World world;
    private String slug;
    private MailedCodes mailed;

    @BeforeEach
    void haveAnAdmin() throws Exception {
        world = new World(transactions, key);
        world.actor(Ids.next(), ActorType.ADMIN, "Ada", "ada@acme.example");
        slug = SignedInAdmin.slug(world);
        mailed = new MailedCodes(web, slug);
        server.purgeEmailFromAllMailboxes();
    }

    private Browser browser() {
        return mailed.browser();
    }

    private Browser.Page ask(Browser browser, String email) throws Exception {
        return mailed.ask(browser, email, "");
    }

    private Browser.Page enter(Browser browser, String code) throws Exception {
        return mailed.enter(browser, code, "");
    }

    private List<String> mails(String to) throws Exception {
        return mailed.mails(to);
    }

    private void await(int mails) throws Exception {
        mailed.await(mails);
    }

    private String code(String to) throws Exception {
        return mailed.code(to);
    }

    @Test
    void shouldSignInByTheCodeOfTheMail() throws Exception {
        var browser = browser();
        var asked = ask(browser, " Ada@ACME.example ");
        assertThat(asked.status()).isEqualTo(303);
        assertThat(asked.response().headers().allValues("Set-Cookie"))
                .anySatisfy(cookie -> assertThat(cookie)
                        .startsWith("__Host-sluice_code=")
                        .contains("Secure", "HttpOnly", "SameSite=Lax", "Max-Age=900"));
        String code = code("ada@acme.example");
        assertThat(mails("ada@acme.example").getLast())
                .contains("https://portal.example/" + slug + "/sign_in/email?code=", "Firefox at 198.51.");
        assertThat(browser.get("/" + slug + "/sign_in/email?code=" + code).body())
                .contains("value=\"" + code + "\"");

        var entered = enter(browser, " " + code.toUpperCase(Locale.ROOT));
        assertThat(entered.status()).as(entered.body()).isEqualTo(303);
        assertThat(browser.get("/" + slug).body()).contains("Ada", "Sign out");
        assertThat(browser.cookies.keySet()).doesNotContain("__Host-sluice_code");
        assertThat(world.count("SELECT count(*) FROM token WHERE account_id = ? AND type = 'email'", world.accountId))
                .isZero();
    }

    @Test
    void shouldTakeACodeOnceAndInItsBrowserAlone() throws Exception {
        var browser = browser();
        ask(browser, "ada@acme.example");
        String code = code("ada@acme.example");
        var other = browser();
        ask(other, "nobody@acme.example");
        assertThat(enter(other, code).status()).isEqualTo(422);
        assertThat(enter(browser(), code).status()).isEqualTo(422);

        var kept = browser.cookies.get("__Host-sluice_code");
        assertThat(enter(browser, code).status()).isEqualTo(303);
        browser.cookies.put("__Host-sluice_code", kept);
        assertThat(enter(browser, code).status()).isEqualTo(422);
    }

    @Test
    void shouldLetACodeBeTriedFiveTimes() throws Exception {
        var browser = browser();
        ask(browser, "ada@acme.example");
        String code = code("ada@acme.example");
        for (String wrong : List.of("", "zzzzz", code + "x", "a.b")) {
            var refused = enter(browser, wrong);
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.body()).contains("role=\"alert\"");
        }
        var kept = browser.cookies.get("__Host-sluice_code");
        assertThat(enter(browser, code).status()).isEqualTo(303);

        var second = browser();
        ask(second, "ada@acme.example");
        await(2);
        String next = code("ada@acme.example");
        for (int n = 0; n < 5; n++) {
            assertThat(enter(second, "zzzzz").status()).isEqualTo(422);
        }
        assertThat(enter(second, next).status()).isEqualTo(422);
        assertThat(kept).isNotEqualTo(second.cookies.get("__Host-sluice_code"));
    }

    @Test
    void shouldTakeNoCodeThatIsOver() throws Exception {
        var browser = browser();
        ask(browser, "ada@acme.example");
        String code = code("ada@acme.example");
        world.execute("UPDATE token SET expires_at = now() WHERE account_id = ? AND type = 'email'", world.accountId);
        assertThat(enter(browser, code).status()).isEqualTo(422);
    }

    @Test
    void shouldSayTheSameWhetherThereIsSuchAPersonOrNot() throws Exception {
        var known = browser();
        var unknown = browser();
        var there = ask(known, "ada@acme.example");
        var nobody = ask(unknown, "nobody@acme.example");
        assertThat(nobody.status()).isEqualTo(there.status());
        assertThat(nobody.location()).isEqualTo(there.location());
        assertThat(unknown.cookies.get("__Host-sluice_code")).hasSameSizeAs(known.cookies.get("__Host-sluice_code"));
        var nowhere = browser();
        var page = nowhere.get("/nowhere/sign_in");
        var asked =
                nowhere.post("/nowhere/sign_in/email", Map.of("email", "ada@acme.example", "form", page.field("form")));
        assertThat(asked.location()).isEqualTo("/nowhere/sign_in/email");
        assertThat(nowhere.cookies.get("__Host-sluice_code")).hasSameSizeAs(known.cookies.get("__Host-sluice_code"));

        code("ada@acme.example");
        assertThat(mails("ada@acme.example")).hasSize(1);
        assertThat(mails("nobody@acme.example")).isEmpty();
        assertThat(enter(unknown, "abcde").body().replaceAll("value=\"[^\"]*\"", ""))
                .isEqualTo(enter(known, "abcde").body().replaceAll("value=\"[^\"]*\"", ""));
    }

    @Test
    void shouldSendThreeMailsInFiveMinutes() throws Exception {
        for (int n = 1; n <= 3; n++) {
            ask(browser(), "ada@acme.example");
            await(n);
        }
        ask(browser(), "ada@acme.example");
        world.actor(Ids.next(), ActorType.ADMIN, "Grace", "grace@acme.example");
        ask(browser(), "grace@acme.example");
        await(4);
        code("grace@acme.example");
        assertThat(mails("ada@acme.example")).hasSize(3);
    }

    @Test
    void shouldLetNoOthersIn() throws Exception {
        var browser = browser();
        ask(browser, "user@example.com");
        var refused = enter(browser, code("user@example.com"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).contains("Only admins come in here");
        assertThat(browser.get("/" + slug).status()).isEqualTo(303);
        // It is used up all the same.
        assertThat(world.count("SELECT count(*) FROM token WHERE account_id = ? AND type = 'email'", world.accountId))
                .isZero();
    }

    /** A wrong code of somebody is counted, which takes longer than that of nobody: neither is answered before the other. */
    @Test
    void shouldRefuseAsLateWhoeverItIs() throws Exception {
        for (String email : List.of("ada@acme.example", "nobody@acme.example")) {
            var browser = browser();
            ask(browser, email);
            long begin = System.nanoTime();
            assertThat(enter(browser, "zzzzz").status()).isEqualTo(422);
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(MailProfile.REFUSAL.toNanos());
        }
    }

    @Test
    void shouldHaveAnAddressWaitThatTriesTooOften() throws Exception {
        var browser = browser();
        ask(browser, "ada@acme.example");
        int status = 0;
        for (int n = 0; n < 40 && status != 429; n++) {
            status = enter(browser, "zzzzz").status();
        }
        assertThat(status).isEqualTo(429);
        var refused = enter(browser, "zzzzz");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
        assertThat(refused.body()).contains("Too often");
        assertThat(ask(browser(), "ada@acme.example").status()).isEqualTo(303);
    }

    @Test
    void shouldTakeOnlyFormsThatItHasShown() throws Exception {
        var browser = browser();
        browser.get("/" + slug + "/sign_in");
        for (String path : List.of("/sign_in/email", "/sign_in/email/code")) {
            assertThat(browser.post("/" + slug + path, Map.of("form", "x", "email", "ada@acme.example", "code", "x"))
                            .status())
                    .isEqualTo(403);
        }
    }

    /** Where an admin has taken that away, or has turned it off, a code that was sent before is none any more either. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE identity_provider SET disabled_at = now() WHERE account_id = ? AND type = 'email'",
                "DELETE FROM identity_provider WHERE account_id = ? AND type = 'email'"
            })
    void shouldSendNoCodesWhereAnAdminHasSaidSo(String change) throws Exception {
        world.execute(change, world.accountId);
        var page = browser().get("/" + slug + "/sign_in");
        assertThat(page.body()).doesNotContain("Send a code");
        var browser = browser();
        browser.get("/" + slug + "/sign_in/email");
        browser.post("/" + slug + "/sign_in/email", Map.of("email", "ada@acme.example", "form", form(browser)));

        var other = new World(transactions, key);
        other.actor(Ids.next(), ActorType.ADMIN, "Grace", "grace@acme.example");
        var theirs = new MailedCodes(web, SignedInAdmin.slug(other));
        theirs.ask(browser(), "grace@acme.example", "");
        theirs.await(1);
        assertThat(mails("ada@acme.example")).isEmpty();
    }

    private String form(Browser browser) throws Exception {
        return browser.get("/" + slug + "/sign_in/email").field("form");
    }
}
