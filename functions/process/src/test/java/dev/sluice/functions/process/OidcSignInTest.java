package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.identity.IdentityProviderService;
import dev.sluice.functions.identity.IdentityProviderView;
import dev.sluice.functions.identity.IdentityProviderWanted;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in at a provider that speaks OpenID Connect. */
@QuarkusTest
@TestProfile(MailProfile.class)
@WithTestResource(DatabaseTestResource.class)
class OidcSignInTest {
    private static final String NONCE = "0123456789abcdef";
    private static final String CLIENT = "?as=client&state=fedcba9876543210&nonce=" + NONCE;

    /** Of Ada. */
    private static final String VERIFIED = "{\"email\": \"Ada@acme.example\", \"email_verified\": true}";

    private static OpenIdProvider elsewhere;

    @Inject
    WebListener web;

    @Inject
    Transactions transactions;

    @Inject
    TokenKey key;

    @Inject
    IdentityProviderService providers;

    private World world;
    private String slug;
    private IdentityProviderView provider;

    @BeforeAll
    static void start() throws Exception {
        elsewhere = OpenIdProvider.start();
    }

    @AfterAll
    static void stop() {
        elsewhere.close();
    }

    @BeforeEach
    void haveAnAdmin() throws Exception {
        world = new World(transactions, key);
        world.actor(Ids.next(), ActorType.ADMIN, "Ada", "ada@acme.example");
        slug = SignedInAdmin.slug(world);
        provider = add("Keycloak", "oidc", elsewhere.issuer("acme"));
    }

    private IdentityProviderView add(String name, String type, String issuer) {
        return transactions
                .inAccount(world.accountId)
                .call(transaction -> providers.create(
                        transaction,
                        world.accountId,
                        new IdentityProviderWanted(name, type, issuer, "sluice", "secret", null)));
    }

    private Browser browser() {
        return new MailedCodes(web, slug).browser();
    }

    /** The address of the provider to which a browser is sent. */
    private String depart(Browser browser, String intent) throws Exception {
        var page = browser.get("/" + slug + "/sign_in/oidc/" + provider.id() + intent);
        assertThat(page.status()).as(page.body()).isEqualTo(303);
        assertThat(page.location()).startsWith(provider.issuer() + "/authorize?");
        return page.location();
    }

    private Browser.Page signIn(Browser browser, String subject, String claims) throws Exception {
        return browser.get(elsewhere.signIn(depart(browser, ""), subject, claims));
    }

    private static String parameter(String address, String name) {
        Matcher found = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(address);
        assertThat(found.find()).as(name + " in " + address).isTrue();
        return URLDecoder.decode(found.group(1), StandardCharsets.UTF_8);
    }

    private void assertNobody(Browser.Page page) {
        assertThat(page.status()).as(page.body()).isEqualTo(403);
        assertThat(page.body()).contains("Nobody here is known by that");
    }

    @Test
    void shouldSignInWhomTheProviderSpeaksOf() throws Exception {
        var browser = browser();
        assertThat(browser.get("/" + slug + "/sign_in").body())
                .contains("Sign in with Keycloak", "/sign_in/oidc/" + provider.id());
        String address = depart(browser, "");
        assertThat(parameter(address, "code_challenge_method")).isEqualTo("S256");
        assertThat(parameter(address, "code_challenge")).hasSize(43);
        assertThat(parameter(address, "nonce")).hasSizeGreaterThan(40);
        assertThat(parameter(address, "client_id")).isEqualTo("sluice");
        assertThat(parameter(address, "redirect_uri"))
                .isEqualTo(provider.redirectUri())
                .startsWith("https://portal.example/" + world.accountId);

        var entered = browser.get(elsewhere.signIn(address, "sub-of-ada", VERIFIED));
        assertThat(entered.status()).as(entered.body()).isEqualTo(303);
        assertThat(entered.location()).isEqualTo("/" + slug);
        assertThat(browser.get("/" + slug).body()).contains("Ada", "Sign out");
        assertThat(browser.cookies.keySet()).noneMatch(name -> name.contains("oidc"));
        assertThat(world.count(
                        "SELECT count(*) FROM token WHERE account_id = ? AND type = 'browser' AND provider_id = ?",
                        world.accountId,
                        provider.id()))
                .isOne();

        // From then on it is what the provider calls them that counts, whatever address they have there.
        assertThat(signIn(browser(), "sub-of-ada", "{\"email\": \"other@acme.example\"}")
                        .status())
                .isEqualTo(303);
        assertNobody(signIn(browser(), "another", VERIFIED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"email\": \"ada@acme.example\"}",
                "{\"email\": \"ada@acme.example\", \"email_verified\": false}",
                "{\"email\": \"nobody@acme.example\", \"email_verified\": true}",
                "{\"preferred_username\": \"ada@acme.example\", \"email_verified\": true}"
            })
    void shouldSignInNobodyByAnAddressThatIsNotTheirs(String claims) throws Exception {
        assertNobody(signIn(browser(), "somebody", claims));
        assertThat(world.count("SELECT count(*) FROM identity WHERE account_id = ?", world.accountId))
                .isZero();
    }

    @Test
    void shouldTakeTheAddressesOfACompanysOwnDirectory() throws Exception {
        provider = add("Okta", "okta", elsewhere.issuer("okta"));
        assertThat(signIn(browser(), "somebody", "{\"email\": \"ada@acme.example\"}")
                        .status())
                .isEqualTo(303);
        provider = add("Entra", "entra", elsewhere.issuer("tenant/v2.0"));
        assertThat(signIn(browser(), "somebody", "{\"preferred_username\": \"ada@acme.example\"}")
                        .status())
                .isEqualTo(303);
    }

    @Test
    void shouldSignAClientIn() throws Exception {
        var browser = browser();
        var page = browser.get(elsewhere.signIn(depart(browser, CLIENT), "sub", VERIFIED.replace("Ada", "ADA")));
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        String callback = browser.get("/" + slug + "/sign_in/client_redirect").location();
        assertThat(parameter(callback, "state")).isEqualTo("fedcba9876543210");
        String token = NONCE + parameter(callback, "fragment");
        assertThat(world.authenticate(TokenType.CLIENT, token)).isInstanceOf(Authentication.Accepted.class);
        assertThat(((Authentication.Accepted) world.authenticate(TokenType.CLIENT, token))
                        .token()
                        .providerId())
                .isEqualTo(provider.id());

        // Whoever has signed in by a provider that goes is out.
        providers.change(
                world.accountId,
                provider.id(),
                new IdentityProviderWanted(null, null, null, null, null, true),
                Expected.ANY);
        assertThat(world.authenticate(TokenType.CLIENT, token)).isInstanceOf(Authentication.Refused.class);
        assertThat(browser.get("/" + slug + "/sign_in/oidc/" + provider.id()).status())
                .isEqualTo(404);
        assertThat(browser.get("/" + slug + "/sign_in").body()).doesNotContain("Keycloak");
    }

    @Test
    void shouldTakeBackOnlyTheBrowserThatSetOutAndOnce() throws Exception {
        var browser = browser();
        String back = elsewhere.signIn(depart(browser, ""), "sub", VERIFIED);
        assertThat(browser().get(back).status()).isEqualTo(400);
        assertThat(browser.get(back.replaceAll("state=[^&]*", "state=forged")).status())
                .isEqualTo(400);
        assertThat(browser.get(back).status()).isEqualTo(303);
        assertThat(browser.get(back).status()).isEqualTo(400);
    }

    /** What it signs in for is kept by the browser, and is not for anybody to change there. */
    @Test
    void shouldTakeNoJourneyThatItHasNotSigned() throws Exception {
        var browser = browser();
        String back = elsewhere.signIn(depart(browser, ""), "sub", VERIFIED);
        String name = browser.cookies.keySet().stream()
                .filter(cookie -> cookie.contains("oidc"))
                .findFirst()
                .orElseThrow();
        String[] parts = browser.cookies.get(name).split("\\.", -1);
        parts[4] = Base64.getUrlEncoder().withoutPadding().encodeToString(CLIENT.getBytes(StandardCharsets.UTF_8));
        browser.cookies.put(name, String.join(".", parts));

        assertThat(browser.get(back).status()).isEqualTo(400);
    }

    /** Two tabs: what one has set out with is nothing to the other. */
    @Test
    void shouldKeepTwoJourneysApart() throws Exception {
        var browser = browser();
        String first = depart(browser, CLIENT);
        String second = depart(browser, "");
        String backOfSecond = elsewhere.signIn(second, "sub", VERIFIED);
        String backOfFirst = elsewhere.signIn(first, "sub", VERIFIED);
        String mixed = backOfFirst.replaceAll("code=[^&]*", "code=" + parameter(backOfSecond, "code"));
        assertThat(browser.get(mixed).status()).isEqualTo(400);

        assertThat(browser.get(elsewhere.signIn(second, "sub", VERIFIED)).status())
                .isEqualTo(303);
        String third = depart(browser, CLIENT);
        assertThat(browser.get(elsewhere.signIn(third, "sub", VERIFIED)).body()).contains("You are signed in");
    }

    @Test
    void shouldNotBelieveAnotherProvider() throws Exception {
        var browser = browser();
        var other = add("Other", "oidc", elsewhere.issuer("other"));
        String back = elsewhere.signIn(depart(browser, ""), "sub", VERIFIED);
        // A code of one is none of another's, wherever it is taken to.
        var mixed =
                browser.get(back.replace(provider.id().toString(), other.id().toString()));
        assertThat(mixed.status()).isEqualTo(400);
        var wrong = browser();
        String answer = elsewhere.signIn(depart(wrong, ""), "sub", VERIFIED) + "&iss=https://evil.example";
        assertThat(wrong.get(answer).body()).contains("another provider");
        // Nor another account's.
        var foreign = new World(transactions, key);
        String elsewhereBack = elsewhere.signIn(depart(browser(), ""), "sub", VERIFIED);
        assertThat(browser()
                        .get(elsewhereBack.replace(world.accountId.toString(), foreign.accountId.toString()))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void shouldSayWhyNobodyWasSignedIn() throws Exception {
        var browser = browser();
        String address = depart(browser, "");
        String denied = URI.create(provider.redirectUri()).getPath() + "?error=access_denied&state="
                + parameter(address, "state");
        var page = browser.get(denied);
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.body()).contains("access_denied");
        var again = browser();
        String odd = denied.replace("access_denied", "%0Aforged").replaceAll("state=.*", "") + "state="
                + parameter(depart(again, ""), "state");
        assertThat(again.get(odd).body()).contains("no error").doesNotContain("forged");

        provider = add("Gone", "oidc", "http://127.0.0.1:1/gone");
        var unreachable = browser().get("/" + slug + "/sign_in/oidc/" + provider.id());
        assertThat(unreachable.status()).isEqualTo(400);
        assertThat(unreachable.body()).contains("cannot be asked");
        provider = add("Another", "oidc", elsewhere.issuer("acme") + "/");
        assertThat(browser().get("/" + slug + "/sign_in/oidc/" + provider.id()).body())
                .contains("write its issuer as it does");
        assertThat(browser()
                        .get("/" + slug + "/sign_in/oidc/" + UUID.randomUUID())
                        .status())
                .isEqualTo(404);
    }

    /** Then another account at the provider may have their address. */
    @Test
    void shouldSignOutWhoIsUnlinkedAndFindThemByTheirAddressAgain() throws Exception {
        var browser = browser();
        browser.get(elsewhere.signIn(depart(browser, ""), "sub-of-ada", VERIFIED));
        UUID ada = world.one(
                "SELECT id FROM actor WHERE account_id = ? AND name = 'Ada'", row -> row.id("id"), world.accountId);
        var person = browser.get("/" + slug + "/people/" + ada);
        assertThat(person.body()).contains("<code>sub-of-ada</code>", "Keycloak");
        UUID identity = PublishedApi.identity(world);

        browser.post(
                "/" + slug + "/people/" + ada + "/identities/" + identity + "/delete",
                Map.of("form", person.field("form")));

        assertThat(browser.get("/" + slug).location()).endsWith("/sign_in?ended=1");
        assertThat(world.count("SELECT count(*) FROM identity WHERE account_id = ?", world.accountId))
                .isZero();
        assertThat(signIn(browser(), "another", VERIFIED).status()).isEqualTo(303);
        assertNobody(signIn(browser(), "sub-of-ada", VERIFIED));
    }

    @Test
    void shouldOfferToSignOutThereToo() throws Exception {
        var browser = browser();
        browser.get(elsewhere.signIn(depart(browser, ""), "sub", VERIFIED));
        var out = browser.post(
                "/" + slug + "/sign_out", Map.of("form", browser.get("/" + slug).field("form")));
        assertThat(out.location()).isEqualTo("/" + slug + "/sign_in?from=" + provider.id());
        String link = "/" + slug + "/sign_in/oidc/" + provider.id() + "/sign_out";
        assertThat(browser.get(out.location()).body()).contains("Sign out of Keycloak, too", link);
        assertThat(browser.get(link).location())
                .startsWith(provider.issuer() + "/endsession?")
                .contains("client_id=sluice");
        assertThat(browser.get("/" + slug + "/sign_in?from=nonsense").body()).doesNotContain("You are signed out here");
    }

    @Test
    void shouldLetNobodyInWhoIsDisabled() throws Exception {
        assertThat(signIn(browser(), "sub", VERIFIED).status()).isEqualTo(303);
        world.actor(Ids.next(), ActorType.ADMIN, "Grace", "grace@acme.example");
        world.execute("UPDATE actor SET disabled_at = now() WHERE account_id = ? AND name = 'Ada'", world.accountId);
        assertNobody(signIn(browser(), "sub", VERIFIED));
    }

    @Test
    void shouldBounceThoseWhoAreNoAdmins() throws Exception {
        var page = signIn(browser(), "sub", "{\"email\": \"user@example.com\", \"email_verified\": true}");
        assertThat(page.status()).isEqualTo(403);
        assertThat(page.body()).contains("Only admins come in here");
    }
}
