package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Signing in a device that has no browser (RFC 8628). */
@QuarkusTest
@TestProfile(MailProfile.class)
@WithTestResource(DatabaseTestResource.class)
class DeviceSignInTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";

    @Inject
    WebListener web;

    @Inject
    Transactions transactions;

    @Inject
    TokenKey key;

    @TestHTTPResource("/")
    URI api;

    private World world;
    private String slug;
    private MailedCodes mailed;

    @BeforeEach
    void haveAnAccount() throws Exception {
        world = new World(transactions, key);
        slug = SignedInAdmin.slug(world);
        mailed = new MailedCodes(web, slug);
        MailProfile.server().purgeEmailFromAllMailboxes();
    }

    /** The device itself, each time at another address. */
    private Browser.Page ask(String path, Map<String, String> fields) throws Exception {
        return new Browser(api)
                .named("Sluice")
                .with("X-Forwarded-For", "2001:db8:" + Integer.toHexString((int) (System.nanoTime() & 0xffff)) + "::1")
                .post("/oauth/" + path, fields);
    }

    private JsonNode begin() throws Exception {
        var begun = ask("device_authorization", Map.of("device_name", "Ada's <b>laptop</b>", "account", slug));
        assertThat(begun.status()).as(begun.body()).isEqualTo(200);
        return JSON.readTree(begun.body());
    }

    private Browser.Page poll(JsonNode begun) throws Exception {
        return ask(
                "token",
                Map.of(
                        "grant_type",
                        GRANT,
                        "device_code",
                        begun.path("device_code").asText()));
    }

    private String error(Browser.Page answer) throws Exception {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        return JSON.readTree(answer.body()).path("error").asText();
    }

    /** As if the device had waited. */
    private void wait(JsonNode begun) {
        world.execute(
                "UPDATE device_authorization SET polled_at = now() - interval '1 minute'"
                        + " WHERE polled_at IS NOT NULL AND 1 = ?",
                1);
    }

    /** Somebody signed in, who has opened the address that the device showed. */
    private Browser opened(JsonNode begun) throws Exception {
        var browser = mailed.browser();
        String address = begun.path("verification_uri_complete").asText();
        assertThat(address).startsWith("https://portal.example/" + slug + "/device?user_code=");
        var asked = browser.get(address.substring("https://portal.example".length()));
        assertThat(asked.location()).startsWith("/" + slug + "/sign_in?as=device&user_code=");
        String intent = asked.location().substring(("/" + slug + "/sign_in").length());
        var entered = mailed.signIn(browser, "user@example.com", intent);
        assertThat(entered.status()).as(entered.body()).isEqualTo(303);
        assertThat(entered.location()).isEqualTo("/" + slug + "/device" + intent);
        return browser;
    }

    private Browser.Page show(Browser browser, String code) throws Exception {
        return browser.get("/" + slug + "/device?user_code=" + code);
    }

    private Browser.Page decide(Browser browser, String decision, Browser.Page shown) throws Exception {
        Map<String, String> fields = new HashMap<>();
        fields.put("form", shown.field("form"));
        fields.put("user_code", shown.field("user_code"));
        return browser.post("/" + slug + "/device/" + decision, fields);
    }

    @Test
    void shouldGiveADeviceATokenOnceSomebodyHasGrantedIt() throws Exception {
        var begun = begin();
        String code = begun.path("user_code").asText();
        assertThat(code).matches("[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}");
        assertThat(begun.path("verification_uri").asText()).isEqualTo("https://portal.example/" + slug + "/device");
        assertThat(begun.path("expires_in").asInt()).isEqualTo(600);
        assertThat(begun.path("interval").asInt()).isEqualTo(5);
        assertThat(error(poll(begun))).isEqualTo("authorization_pending");

        var browser = opened(begun);
        // To open it, signed in and with the code, grants nothing.
        var shown = show(browser, code.toLowerCase(Locale.ROOT).replace("-", "+"));
        assertThat(shown.status()).as(shown.body()).isEqualTo(200);
        assertThat(shown.body())
                .contains("Ada&#39;s &lt;b&gt;laptop&lt;/b&gt;", "2001:db8:", "Sign it in as User")
                // The pages of admins are not for them.
                .doesNotContain("/" + slug + "/sites");
        wait(begun);
        assertThat(error(poll(begun))).isEqualTo("authorization_pending");

        var granted = decide(browser, "grant", shown);
        assertThat(granted.status()).as(granted.body()).isEqualTo(200);
        assertThat(granted.body()).contains("The device is signed in");
        wait(begun);
        var answer = poll(begun);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        var token = JSON.readTree(answer.body());
        assertThat(token.path("token_type").asText()).isEqualTo("Bearer");
        assertThat(token.path("expires_in").asLong()).isBetween(6 * 86_400L, 7 * 86_400L);
        assertThat(token.path("actor_name").asText()).isEqualTo("User");
        assertThat(token.path("account_slug").asText()).isEqualTo(slug);
        String text = token.path("access_token").asText();
        assertThat(world.authenticate(TokenType.CLIENT, text)).isInstanceOf(Authentication.Accepted.class);
        assertThat(world.count(
                        "SELECT count(*) FROM audit_entry WHERE account_id = ? AND action = 'token_created'"
                                + " AND after ->> 'name' = ? AND subject LIKE 'actor " + world.actorId + " by token %'",
                        world.accountId,
                        "Ada's <b>laptop</b>"))
                .isOne();

        // Once, and the code is of nothing any more.
        assertThat(error(poll(begun))).isEqualTo("expired_token");
        assertThat(show(browser, code).status()).isEqualTo(422);

        assertThat(ask("revoke", Map.of("token", text)).status()).isEqualTo(200);
        assertThat(world.authenticate(TokenType.CLIENT, text)).isInstanceOf(Authentication.Refused.class);
        assertThat(ask("revoke", Map.of("token", text)).status()).isEqualTo(200);
        assertThat(world.authenticate(TokenType.CLIENT, world.clientTokenText))
                .isInstanceOf(Authentication.Accepted.class);
    }

    @Test
    void shouldTellADeviceThatItWasRefused() throws Exception {
        var begun = begin();
        var browser = opened(begun);
        var refused =
                decide(browser, "deny", show(browser, begun.path("user_code").asText()));
        assertThat(refused.body()).contains("The device was refused");
        assertThat(error(poll(begun))).isEqualTo("access_denied");
        assertThat(show(browser, begun.path("user_code").asText()).status()).isEqualTo(422);
    }

    @Test
    void shouldTellADeviceThatItIsTooLate() throws Exception {
        var begun = begin();
        var browser = opened(begun);
        var shown = show(browser, begun.path("user_code").asText());
        world.execute("UPDATE device_authorization SET expires_at = now() WHERE 1 = ?", 1);
        assertThat(error(poll(begun))).isEqualTo("expired_token");
        assertThat(decide(browser, "grant", shown).status()).isEqualTo(422);
    }

    @Test
    void shouldHaveADeviceWaitLongerThatAsksTooOften() throws Exception {
        var begun = begin();
        assertThat(error(poll(begun))).isEqualTo("authorization_pending");
        assertThat(error(poll(begun))).isEqualTo("slow_down");
        assertThat(world.count(
                        "SELECT poll_seconds::bigint AS count FROM device_authorization WHERE polled_at IS NOT NULL AND expires_at > now()"
                                + " ORDER BY polled_at DESC LIMIT 1"))
                .isEqualTo(10);
        wait(begun);
        assertThat(error(poll(begun))).isEqualTo("authorization_pending");
    }

    @Test
    void shouldGiveATokenToOneOfManyWhoAskAtOnce() throws Exception {
        var begun = begin();
        var browser = opened(begun);
        decide(browser, "grant", show(browser, begun.path("user_code").asText()));
        var first = poll(begun);
        var second = poll(begun);
        assertThat(first.status()).isEqualTo(200);
        assertThat(error(second)).isIn("slow_down", "expired_token");
    }

    @Test
    void shouldLetFiveWrongCodesBeTried() throws Exception {
        var begun = begin();
        var browser = opened(begun);
        for (int n = 0; n < 5; n++) {
            var wrong = show(browser, "BBBB-BBBB");
            assertThat(wrong.status()).isEqualTo(422);
            assertThat(wrong.body()).contains("No device waits with this code", "role=\"alert\"");
        }
        // Not even the right one, from then on, and neither at the same address with another session.
        var late = show(browser, begun.path("user_code").asText());
        assertThat(late.status()).isEqualTo(429);
        assertThat(Integer.parseInt(late.header("Retry-After"))).isPositive();
    }

    @Test
    void shouldTakeAFormAloneThatItHasShown() throws Exception {
        var begun = begin();
        var browser = opened(begun);
        String code = begun.path("user_code").asText();
        var shown = show(browser, code);
        assertThat(browser.post("/" + slug + "/device/grant", Map.of("user_code", code, "form", "x"))
                        .status())
                .isEqualTo(403);
        var other = opened(begin());
        assertThat(decide(other, "grant", shown).status()).isEqualTo(403);
        assertThat(error(poll(begun))).isEqualTo("authorization_pending");
    }

    @Test
    void shouldHideTheConsoleFromThoseWhoAreNoAdmins() throws Exception {
        var browser = opened(begin());
        for (String path : new String[] {"", "/sites", "/people", "/flows", "/policies", "/resources", "/explain"}) {
            assertThat(browser.get("/" + slug + path).status()).as(path).isEqualTo(404);
        }
        assertThat(browser.get("/").body()).doesNotContain("User");
        var page = browser.get("/" + slug + "/sign_out");
        assertThat(page.status()).isEqualTo(200);
        assertThat(browser.post("/" + slug + "/sign_out", Map.of("form", page.field("form")))
                        .location())
                .startsWith("/" + slug + "/sign_in");
        assertThat(browser.get("/" + slug + "/sign_out").status()).isEqualTo(303);
    }

    @Test
    void shouldSayWhatIsWrongInTheWordsOfTheStandard() throws Exception {
        assertThat(error(ask("device_authorization", Map.of()))).isEqualTo("invalid_request");
        assertThat(error(ask("device_authorization", Map.of("device_name", "x".repeat(256)))))
                .isEqualTo("invalid_request");
        assertThat(error(ask("device_authorization", Map.of("device_name", "x", "account", "//evil.example"))))
                .isEqualTo("invalid_request");
        assertThat(error(ask("token", Map.of("grant_type", "password", "device_code", "x"))))
                .isEqualTo("unsupported_grant_type");
        assertThat(error(ask("token", Map.of("grant_type", GRANT)))).isEqualTo("invalid_request");
        assertThat(error(ask("token", Map.of("grant_type", GRANT, "device_code", "nonsense"))))
                .isEqualTo("expired_token");
        assertThat(error(ask("revoke", Map.of()))).isEqualTo("invalid_request");
        assertThat(ask("revoke", Map.of("token", "nonsense")).status()).isEqualTo(200);

        var anywhere = JSON.readTree(
                ask("device_authorization", Map.of("device_name", "x")).body());
        assertThat(anywhere.path("verification_uri").asText()).isEqualTo("https://portal.example/?as=device");
        var browser = mailed.browser();
        var page = browser.get("/?as=device&user_code=BCDF-GHJK");
        assertThat(page.field("as")).isEqualTo("device");
        assertThat(browser.get("/?as=device&user_code=BCDF-GHJK&account=" + slug)
                        .location())
                .isEqualTo("/" + slug + "/device?as=device&user_code=BCDF-GHJK");
    }
}
