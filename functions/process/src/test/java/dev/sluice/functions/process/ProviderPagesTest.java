package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By what people sign in, as an admin sets it, and passwords among it. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class ProviderPagesTest {
    private static final String PASSWORD = "correct horse battery";

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

    private Browser.Page create(String name, String type, String issuer, String clientId) throws Exception {
        return admin.post(
                "/identity_providers",
                Map.of("name", name, "type", type, "issuer", issuer, "client_id", clientId, "client_secret", "hush"));
    }

    private Browser.Page withPassword(Browser browser, String email, String password, String intent) throws Exception {
        var page = browser.get("/" + admin.slug() + "/sign_in" + intent);
        assertThat(page.body()).contains("With a password");
        Map<String, String> fields = new HashMap<>();
        fields.put("email", email);
        fields.put("password", password);
        fields.put("form", page.field("form"));
        return browser.post("/" + admin.slug() + "/sign_in/password" + intent, fields);
    }

    private Browser browser() {
        return new Browser(URI.create("http://127.0.0.1:" + web.port()));
    }

    private void addPasswords() throws Exception {
        path(admin.post("/identity_providers", Map.of("name", "Passwords", "type", "password")));
    }

    @Test
    void shouldAddAndShowAProvider() throws Exception {
        String provider = path(create("Key <cloak>", "oidc", "https://id.example/realms/acme", "sluice"));
        assertThat(admin.get(provider).body())
                .contains("<h1>Key &lt;cloak&gt;</h1>", "https://id.example/realms/acme", "OpenID Connect")
                .contains("/" + world.accountId + "/sign_in/oidc/" + provider.substring(provider.lastIndexOf('/') + 1)
                        + "/callback")
                .doesNotContain("hush");
        assertThat(admin.get("/identity_providers").body()).contains("Key &lt;cloak&gt;", "E-mail");
        assertThat(admin.get("/identity_providers?search=Nobody").body()).contains("No provider's name begins with");
        String kept = world.one(
                "SELECT client_secret FROM identity_provider WHERE account_id = ? AND type = 'oidc'",
                row -> new String(row.bytes("client_secret"), StandardCharsets.ISO_8859_1),
                world.accountId);
        assertThat(kept).isNotEmpty().doesNotContain("hush");
        assertThat(admin.get(path(create("Google", "google", "", "sluice"))).body())
                .contains("https://accounts.google.com");
    }

    @ParameterizedTest
    @CsvSource({
        "name,'',oidc,https://id.example,sluice",
        "name,E-mail,oidc,https://id.example,sluice",
        "type,X,ldap,https://id.example,sluice",
        "type,X,email,'',''",
        "issuer,X,oidc,'',sluice",
        "issuer,X,oidc,javascript:alert(1),sluice",
        "issuer,X,entra,https://login.microsoftonline.com/common/v2.0,sluice",
        "client_id,X,oidc,https://id.example,''"
    })
    void shouldSayBesideTheFieldWhatIsWrong(String field, String name, String type, String issuer, String clientId)
            throws Exception {
        Map<String, String> fields =
                new HashMap<>(Map.of("name", name, "type", type, "issuer", issuer, "client_id", clientId));
        var refused = admin.post("/identity_providers", fields);
        assertThat(refused.status()).as(refused.body()).isEqualTo(422);
        assertThat(refused.body()).contains("id=\"" + field + "-error\" role=\"alert\"");
    }

    @Test
    void shouldChangeAProviderUnlessAnotherAdminHas() throws Exception {
        String path = path(create("Keycloak", "oidc", "https://id.example", "sluice"));
        var form = admin.get(path + "/edit");
        assertThat(form.body()).contains("value=\"https://id.example\"", "keep the one that is there");
        var wanted = new HashMap<>(Map.of(
                "name", "Cloak",
                "issuer", "https://id.example/realm",
                "client_id", "portal",
                "client_secret", "hush again",
                "version", form.field("version")));
        assertThat(path(admin.post(path + "/edit", wanted))).isEqualTo(path);
        assertThat(admin.get(path).body())
                .contains("<h1>Cloak</h1>", "https://id.example/realm", "<dd>portal</dd>")
                .doesNotContain("hush");
        String sealed = sealedSecret();

        wanted.put("name", "Mine");
        var second = admin.post(path + "/edit", wanted);
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.body())
                .contains("It is now: Cloak, at https://id.example/realm, as portal", "value=\"Mine\"")
                .doesNotContain("hush");
        wanted.put("version", second.field("version"));
        wanted.put("client_secret", "");
        path(admin.post(path + "/edit", wanted));
        assertThat(sealedSecret()).isEqualTo(sealed);

        wanted.put("version", admin.get(path + "/edit").field("version"));
        wanted.put("issuer", "javascript:alert(1)");
        var refused = admin.post(path + "/edit", wanted);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("id=\"issuer-error\" role=\"alert\"");
    }

    private String sealedSecret() {
        return world.one(
                "SELECT encode(client_secret, 'hex') AS v FROM identity_provider WHERE account_id = ? AND type = 'oidc'",
                row -> row.text("v"),
                world.accountId);
    }

    @Test
    void shouldLetTheLastOneStay() throws Exception {
        UUID mails = world.one(
                "SELECT id FROM identity_provider WHERE account_id = ?", row -> row.id("id"), world.accountId);
        for (String change : List.of("/disable", "/delete")) {
            var refused = admin.post("/identity_providers/" + mails + change, Map.of());
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.body()).contains("the last by which anybody can sign in");
        }
        String other = path(create("Keycloak", "oidc", "https://id.example", "sluice"));
        assertThat(path(admin.post("/identity_providers/" + mails + "/disable", Map.of())))
                .isEqualTo("/identity_providers/" + mails);
        assertThat(admin.get("/identity_providers/" + mails).body()).contains("nobody signs in by it");
        assertThat(admin.post(other + "/delete", Map.of()).status()).isEqualTo(409);
        path(admin.post("/identity_providers/" + mails + "/enable", Map.of()));
        assertThat(admin.get(other + "/delete").body()).contains("This signs out 0 browsers and 0 clients");
        assertThat(path(admin.post(other + "/delete", Map.of()))).isEqualTo("/identity_providers");
        assertThat(admin.get(other).status()).isEqualTo(404);
    }

    @Test
    void shouldSignInByAPasswordThatAnAdminHasGiven() throws Exception {
        addPasswords();
        String person = "/people/" + admin.actor();
        assertThat(admin.get(person).body()).contains("A password of theirs");
        assertThat(path(admin.post(person + "/password", Map.of("password", PASSWORD))))
                .isEqualTo(person);
        String email = "admin-" + admin.actor() + "@acme.example";

        var browser = browser();
        var wrong = withPassword(browser, email, PASSWORD + "!", "");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body())
                .contains("id=\"password-error\" role=\"alert\"", email)
                .doesNotContain(PASSWORD);
        var nobody = withPassword(browser(), "nobody@acme.example", PASSWORD, "");
        assertThat(nobody.body().replaceAll("value=\"[^\"]*\"", ""))
                .isEqualTo(wrong.body().replaceAll("value=\"[^\"]*\"", ""));

        var entered = withPassword(browser, " " + email.toUpperCase(Locale.ROOT), PASSWORD, "");
        assertThat(entered.status()).as(entered.body()).isEqualTo(303);
        assertThat(browser.get("/" + admin.slug()).status()).isEqualTo(200);
        String kept = world.one(
                "SELECT password_hash FROM identity WHERE account_id = ?",
                row -> row.text("password_hash"),
                world.accountId);
        assertThat(kept).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain(PASSWORD);

        // Another one signs out whoever came in by the first.
        path(admin.post(person + "/password", Map.of("password", PASSWORD + " staple")));
        assertThat(browser.get("/" + admin.slug()).status()).isEqualTo(303);
        assertThat(withPassword(browser, email, PASSWORD, "").status()).isEqualTo(422);
    }

    @Test
    void shouldLetNobodyInByPasswordWhoIsNoAdminOrDisabled() throws Exception {
        addPasswords();
        String person = "/people/" + world.actorId;
        path(admin.post(person + "/password", Map.of("password", PASSWORD)));
        var bounced = withPassword(browser(), "user@example.com", PASSWORD, "");
        assertThat(bounced.status()).isEqualTo(403);
        assertThat(bounced.body()).contains("Only admins come in here");
        var client = withPassword(browser(), "user@example.com", PASSWORD, "?as=client&state=s&nonce=n");
        assertThat(client.body()).contains("You are signed in");
        path(admin.post(person + "/disable", Map.of()));
        assertThat(withPassword(browser(), "user@example.com", PASSWORD, "").status())
                .isEqualTo(422);
        path(admin.post(person + "/enable", Map.of()));
        admin.post(person + "/delete", Map.of());
        assertThat(withPassword(browser(), "user@example.com", PASSWORD, "").status())
                .isEqualTo(422);
    }

    @Test
    void shouldRefuseAfterTooManyTries() throws Exception {
        addPasswords();
        String person = "/people/" + world.actorId;
        path(admin.post(person + "/password", Map.of("password", PASSWORD)));
        for (int n = 0; n < 10; n++) {
            withPassword(browser(), "user@example.com", "wrong", "");
        }
        assertThat(withPassword(browser(), "user@example.com", PASSWORD, "").status())
                .isEqualTo(422);
    }

    @Test
    void shouldSayWhatAPasswordIs() throws Exception {
        addPasswords();
        for (String password : List.of("", "short", "x".repeat(129))) {
            var refused = admin.post("/people/" + world.actorId + "/password", Map.of("password", password));
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.body()).contains("A password has 15 to 128 characters.");
        }
        UUID machine = Ids.next();
        world.actor(machine, ActorType.SERVICE_ACCOUNT, "Backup", null);
        assertThat(admin.post("/people/" + machine + "/password", Map.of("password", PASSWORD))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void shouldHideAnothersAndTakeOnlyFormsThatItHasShown() throws Exception {
        var other = new World(transactions, key);
        UUID theirs = other.one(
                "SELECT id FROM identity_provider WHERE account_id = ?", row -> row.id("id"), other.accountId);
        UUID nowhere = UUID.randomUUID();
        for (String path : List.of("", "/delete")) {
            assertThat(admin.get("/identity_providers/" + theirs + path).status())
                    .isEqualTo(404);
            assertThat(admin.get("/identity_providers/" + nowhere + path).status())
                    .isEqualTo(404);
        }
        for (String path : List.of("/disable", "/enable", "/delete")) {
            assertThat(admin.post("/identity_providers/" + theirs + path, Map.of())
                            .status())
                    .isEqualTo(404);
        }
        assertThat(admin.post("/people/" + other.actorId + "/password", Map.of("password", PASSWORD))
                        .status())
                .isIn(404, 422);
        for (String path : List.of("/identity_providers", "/people/" + world.actorId + "/password")) {
            assertThat(admin.browser()
                            .post(admin.address(path), Map.of("form", "x", "name", "X", "password", PASSWORD))
                            .status())
                    .isEqualTo(403);
        }
    }
}
