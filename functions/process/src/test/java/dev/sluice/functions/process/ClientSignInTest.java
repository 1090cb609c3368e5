package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client beside the browser, which opens it to have somebody signed in (portal-protocol.md, section 14). */
@QuarkusTest
@TestProfile(MailProfile.class)
@WithTestResource(DatabaseTestResource.class)
class ClientSignInTest {
    private static final String NONCE = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final String STATE = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";
    private static final String INTENT = "?as=client&state=" + STATE + "&nonce=" + NONCE;
    private static final String CALLBACK = "firezone-fd0020211111://handle_client_sign_in_callback?";

    @Inject
    WebListener web;

    @Inject
    Transactions transactions;

    @Inject
    TokenKey key;

    @Inject
    AccountService accounts;

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

    private static Map<String, String> parameters(String location) {
        assertThat(location).startsWith(CALLBACK);
        return Arrays.stream(location.substring(CALLBACK.length()).split("&"))
                .map(parameter -> parameter.split("=", 2))
                .collect(Collectors.toMap(
                        parameter -> parameter[0],
                        parameter -> URLDecoder.decode(parameter[1], StandardCharsets.UTF_8)));
    }

    private void assertToken(String text, Class<? extends Authentication> expected) {
        assertThat(world.authenticate(TokenType.CLIENT, text)).as(text).isInstanceOf(expected);
    }

    private Map<String, String> handedOver(Browser browser) throws Exception {
        var redirect = browser.get("/" + slug + "/sign_in/client_redirect");
        assertThat(redirect.status()).as(redirect.body()).isEqualTo(302);
        return parameters(redirect.location());
    }

    @Test
    void shouldHandTheClientATokenThatIsGoodWithItsNonceAlone() throws Exception {
        var browser = mailed.browser();
        var opened = browser.get("/" + slug + INTENT);
        assertThat(opened.status()).isEqualTo(303);
        assertThat(opened.location()).isEqualTo("/" + slug + "/sign_in" + INTENT);
        assertThat(browser.get(opened.location()).body()).contains("The client on this device is to be signed in.");

        var entered = mailed.signIn(browser, "user@example.com", INTENT);
        assertThat(entered.status()).as(entered.body()).isEqualTo(200);
        assertThat(entered.body())
                .contains("You are signed in", "http-equiv=\"refresh\"", "/" + slug + "/sign_in/client_redirect")
                .doesNotContain(NONCE, "SFMyNTY");
        assertThat(entered.response().headers().allValues("Set-Cookie"))
                .anySatisfy(cookie -> assertThat(cookie)
                        .startsWith("__Host-sluice_client=")
                        .contains("HttpOnly", "Secure", "SameSite=Strict", "Max-Age=120"));
        assertThat(MailProfile.server().getReceivedMessages()[0].getContent().toString())
                .contains("as=client&state=" + STATE + "&nonce=" + NONCE);

        var parameters = handedOver(browser);
        assertThat(parameters)
                .containsEntry("state", STATE)
                .containsEntry("actor_name", "User")
                .containsEntry("account_slug", slug)
                .containsEntry("account_name", accounts.find(slug).orElseThrow().name())
                .containsEntry("identity_provider_identifier", "user@example.com");
        String fragment = parameters.get("fragment");
        assertThat(fragment).startsWith(".");
        assertToken(NONCE + fragment, Authentication.Accepted.class);
        assertToken(fragment, Authentication.Refused.class);
        assertToken(NONCE, Authentication.Refused.class);
        assertToken(STATE + fragment, Authentication.Refused.class);
        assertThat(world.count("""
                        SELECT count(*) FROM token WHERE account_id = ? AND actor_id = ? AND type = 'client'
                        AND name = 'Signed in with Firefox' AND expires_at BETWEEN now() + interval '6 days' AND now() + interval '7 days'
                        """, world.accountId, world.actorId)).isOne();
        // Their browser is not: they may not enter the console.
        assertThat(browser.get("/" + slug).status()).isEqualTo(303);
        // And where it leads is known once.
        assertThat(browser.get("/" + slug + "/sign_in/client_redirect").status())
                .isEqualTo(410);
    }

    @Test
    void shouldGoOnAsWhoIsSignedInWithTheBrowser() throws Exception {
        world.actor(Ids.next(), ActorType.ADMIN, "Ada", "ada@acme.example");
        var browser = mailed.browser();
        assertThat(mailed.signIn(browser, "ada@acme.example", "").status()).isEqualTo(303);

        // A client's way is not the console's, whoever is signed in to that.
        var opened = browser.get("/" + slug + INTENT);
        var page = browser.get(opened.location());
        assertThat(page.body()).contains("Go on as Ada");
        var entered = browser.post("/" + slug + "/sign_in/client" + INTENT, Map.of("form", page.field("form")));
        assertThat(entered.status()).as(entered.body()).isEqualTo(200);
        var parameters = handedOver(browser);
        assertThat(parameters).containsEntry("actor_name", "Ada");
        assertToken(NONCE + parameters.get("fragment"), Authentication.Accepted.class);
        assertThat(browser.get("/" + slug).status()).isEqualTo(200);
        assertThat(world.count(
                        "SELECT count(*) FROM audit_entry WHERE account_id = ? AND action = 'token_created' AND subject LIKE 'actor %'"
                                + " AND after ->> 'type' = 'client'",
                        world.accountId))
                .isOne();

        // No form of another site, and none without a session.
        assertThat(browser.post("/" + slug + "/sign_in/client" + INTENT, Map.of("form", "x"))
                        .status())
                .isEqualTo(403);
        assertThat(mailed.browser()
                        .post("/" + slug + "/sign_in/client" + INTENT, Map.of("form", page.field("form")))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void shouldRefuseAddressesThatNoClientMakes() throws Exception {
        var browser = mailed.browser();
        for (String intent : new String[] {
            "?as=client",
            "?as=client&state=" + STATE,
            "?as=client&nonce=" + NONCE,
            "?as=client&state=a.b&nonce=" + NONCE,
            "?as=client&state=" + STATE + "&nonce=a.b",
            "?as=client&state=" + STATE + "&nonce=" + "a".repeat(129)
        }) {
            var page = browser.get("/" + slug + "/sign_in" + intent);
            assertThat(page.status()).as(intent).isEqualTo(400);
            assertThat(page.body()).contains("Sign in from the client again");
        }
        // What it leads to is what was signed here.
        mailed.signIn(browser, "user@example.com", INTENT);
        String kept = browser.cookies.get("__Host-sluice_client");
        browser.cookies.put("__Host-sluice_client", kept.replace("actor_name=User", "actor_name=Ada"));
        assertThat(browser.get("/" + slug + "/sign_in/client_redirect").status())
                .isEqualTo(410);
    }

    @Test
    void shouldLeadAClientWithoutAnAccountOverTheFirstPage() throws Exception {
        var browser = mailed.browser();
        var page = browser.get("/" + INTENT);
        assertThat(page.field("state")).isEqualTo(STATE);
        assertThat(page.field("nonce")).isEqualTo(NONCE);
        assertThat(browser.get("/" + INTENT + "&account=" + slug).location()).isEqualTo("/" + slug + INTENT);
    }
}
