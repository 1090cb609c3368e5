package dev.sluice.functions.process;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** At a real provider, which is too large for every run: {@code ./sluice keycloak}. */
@EnabledIfSystemProperty(named = "sluice.keycloak", matches = ".+")
class KeycloakIT extends InChromium {
    private static final String PASSWORD = "correct horse battery";
    private static final String SECRET = "of-the-tests-alone";

    /** Eve has Ada's colleague's address there, and has not shown that it is hers. */
    private static final String REALM = """
            {"realm": "acme", "enabled": true, "sslRequired": "none",
             "clients": [{"clientId": "sluice", "secret": "%1$s", "redirectUris": ["*"],
                          "attributes": {"pkce.code.challenge.method": "S256", "post.logout.redirect.uris": "*"}}],
             "users": [
               {"username": "ada", "email": "ada@acme.example", "emailVerified": true, "firstName": "Ada", "lastName": "L",
                "enabled": true, "credentials": [{"type": "password", "value": "%2$s"}]},
               {"username": "eve", "email": "grace@acme.example", "emailVerified": false, "firstName": "Eve", "lastName": "M",
                "enabled": true, "credentials": [{"type": "password", "value": "%2$s"}]}]}
            """;

    private static Process keycloak;
    private static String issuer;

    @BeforeAll
    static void startKeycloak() throws Exception {
        Path home = Path.of(System.getProperty("sluice.keycloak"));
        Path imported = home.resolve("data/import/acme.json");
        Files.createDirectories(imported.getParent());
        Files.writeString(imported, REALM.formatted(SECRET, PASSWORD));
        int port = freePort();
        issuer = "http://127.0.0.1:" + port + "/realms/acme";
        ProcessBuilder builder = new ProcessBuilder(
                home.resolve("bin/kc.sh").toString(),
                "start-dev",
                "--db=dev-mem",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--import-realm");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS_KC_HEAP", "-Xmx512m");
        keycloak = builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("keycloak.log").toFile())
                .start();
        portal.await(() -> answers(issuer + "/.well-known/openid-configuration"));
        assertThat(portal.run(
                                "account",
                                "create",
                                "--name",
                                "Acme",
                                "--slug",
                                "acme",
                                "--admin-email",
                                "ada@acme.example")
                        .code())
                .isZero();
        assertThat(portal.run(
                                "actor",
                                "create",
                                "--account",
                                "acme",
                                "--type",
                                "admin",
                                "--name",
                                "Grace",
                                "--email",
                                "grace@acme.example")
                        .code())
                .isZero();
    }

    @AfterAll
    static void stopKeycloak() throws Exception {
        if (keycloak != null) {
            keycloak.descendants().forEach(ProcessHandle::destroy);
            keycloak.destroy();
            keycloak.waitFor(30, TimeUnit.SECONDS);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean answers(String address) throws IOException {
        assertThat(keycloak.isAlive())
                .as(Files.readString(directory.resolve("keycloak.log")))
                .isTrue();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void addProvider(Page page) {
        page.navigate(portal.run("sign-in-link", "ada@acme.example", "--account", "acme")
                .out()
                .strip());
        press(page, "Sign in as");
        page.navigate(base + "/acme/identity_providers/new");
        page.getByLabel("Name", EXACT).fill("Keycloak");
        page.getByLabel("Issuer").fill(issuer);
        page.getByLabel("Client id").fill("sluice");
        page.getByLabel("Client secret").fill(SECRET);
        press(page, "Add it");
        expectHeading(page, "Keycloak");
    }

    private static void signIn(Page page, String user) {
        page.navigate(base + "/acme/sign_in");
        follow(page, "Sign in with Keycloak");
        page.locator("#username").fill(user);
        page.locator("#password").fill(PASSWORD);
        page.locator("#kc-login").click();
    }

    @Test
    void shouldSignInAndOutAtKeycloak() {
        try (BrowserContext settingUp = browser.newContext();
                BrowserContext ada = browser.newContext();
                BrowserContext eve = browser.newContext()) {
            Page admin = open(settingUp);
            addProvider(admin);

            Page page = open(ada);
            signIn(page, "ada");
            expectHeading(page, "Acme");
            Page refused = open(eve);
            signIn(refused, "eve");
            assertThat(refused.getByText("Nobody here is known by that")).isVisible();

            press(page, "Sign out");
            follow(page, "Sign out of Keycloak, too");
            assertThat(page).hasURL(Pattern.compile("^" + issuer + "/.*"));
            page.locator("#kc-logout").click();
            page.navigate(base + "/acme/sign_in");
            follow(page, "Sign in with Keycloak");
            assertThat(page.locator("#password")).isVisible();

            signIn(page, "ada");
            expectHeading(page, "Acme");
            press(admin, "Disable it: who is signed in by it is signed out");
            assertThat(page.getByText("You must sign in to see this page.")).isVisible();
        }
    }
}
