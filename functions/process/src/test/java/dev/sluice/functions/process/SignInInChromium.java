package dev.sluice.functions.process;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByTextOptions;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** An account with an admin, a user and every way to sign in, and what somebody does at a browser who takes one of them. */
abstract class SignInInChromium extends InChromium {
    private static final AtomicInteger ACCOUNTS = new AtomicInteger();
    static final String PASSWORD = "correct horse battery";
    static final String NONCE = "0123456789abcdef0123456789abcdef";
    private static final String STATE = "fedcba9876543210fedcba9876543210";
    static final String CLIENT = "?as=client&state=" + STATE + "&nonce=" + NONCE;
    private static final Pattern CODE = Pattern.compile("(?<=Your code: )\\w+");

    private static OpenIdProvider elsewhere;

    String slug;
    String admin;
    String user;
    private BrowserContext context;
    Page page;

    @BeforeAll
    static void startProvider() throws Exception {
        elsewhere = OpenIdProvider.start();
    }

    @AfterAll
    static void stopProvider() {
        if (elsewhere != null) {
            elsewhere.close();
        }
    }

    /** An account with an admin and a user, and every way to sign in. */
    @BeforeEach
    void haveAnAccount() throws Exception {
        slug = "account" + ACCOUNTS.incrementAndGet();
        admin = "admin@" + slug + ".example";
        user = "user@" + slug + ".example";
        run("account", "create", "--name", slug, "--slug", slug, "--admin-email", admin);
        run("actor", "create", "--type", "user", "--name", "User", "--email", user, "--account", slug);
        fresh();
        asAdmin();
        addProvider("Passwords", "password", "");
        addProvider("Vault", "oidc", elsewhere.issuer(slug));
        for (String email : new String[] {admin, user}) {
            givePassword(email);
        }
        fresh();
    }

    @AfterEach
    void close() {
        context.close();
    }

    void fresh() {
        if (context != null) {
            context.close();
        }
        context = browser.newContext();
        page = open(context);
    }

    static JsonNode run(String... arguments) {
        var command = Arrays.copyOf(arguments, arguments.length + 1);
        command[arguments.length] = "--json";
        var outcome = portal.run(command);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome.json();
    }

    void go(String path) {
        page.navigate(base + "/" + slug + path);
    }

    void asAdmin() {
        page.navigate(portal.run("sign-in-link", admin, "--account", slug).out().strip());
        press(page, "Sign in as");
        expectHeading(page, slug);
    }

    private void addProvider(String name, String type, String issuer) {
        go("/identity_providers/new");
        page.getByLabel("Name", EXACT).fill(name);
        page.getByLabel("By").selectOption(type);
        if (!issuer.isEmpty()) {
            page.getByLabel("Issuer").fill(issuer);
            page.getByLabel("Client id").fill("sluice");
        }
        press(page, "Add it");
        expectHeading(page, name);
    }

    void openPerson(String email) {
        go("/people");
        page.locator("tr", new Page.LocatorOptions().setHasText(email))
                .getByRole(AriaRole.LINK)
                .click();
    }

    private void givePassword(String email) {
        openPerson(email);
        page.getByLabel("New password").fill(PASSWORD);
        press(page, "Set it");
        assertThat(page.getByLabel("New password")).isVisible();
    }

    void withPassword(String intent, String email, String password) {
        go("/sign_in" + intent);
        page.locator("#name").fill(email);
        page.getByLabel("Password").fill(password);
        page.locator("form", new Page.LocatorOptions().setHasText("Password"))
                .getByRole(AriaRole.BUTTON)
                .click();
    }

    void askForCode(String intent, String email) {
        go("/sign_in" + intent);
        page.locator("#email").fill(email);
        press(page, "Send a code");
    }

    /** As the mail's link does it, in the same browser. */
    void withLink(String intent, String email) throws Exception {
        askForCode(intent, email);
        String code = mailed(email, CODE);
        Matcher link = Pattern.compile("http://\\S+code=" + code + "\\S*")
                .matcher(portal.run("mails", email).out());
        assertThat(link.find()).isTrue();
        page.navigate(link.group());
        press(page, "Sign in");
    }

    void withVault(String intent, String subject, String claims) throws Exception {
        go("/sign_in" + intent);
        follow(page, "Sign in with Vault");
        page.locator("input[name=username]").fill(subject);
        page.locator("[name=claims]").fill(claims);
        page.locator("[type=submit]").first().click();
    }

    static String verified(String email) {
        return "{\"email\": \"" + email + "\", \"email_verified\": true}";
    }

    interface SigningIn {
        void run() throws Exception;
    }

    /** What the client is handed at the end of a way to sign in. */
    Map<String, String> handedOver(SigningIn way) throws Exception {
        String[] location = new String[1];
        page.route("**/sign_in/client_redirect", route -> {
            var answer = route.fetch(new Route.FetchOptions().setMaxRedirects(0));
            location[0] = answer.headers().get("location");
            route.fulfill(new Route.FulfillOptions().setStatus(200).setBody("handed over"));
        });
        way.run();
        assertThat(page.getByText("handed over", new GetByTextOptions().setExact(true)))
                .isVisible();
        String query = location[0].substring(location[0].indexOf('?') + 1);
        assertThat(location[0]).startsWith("firezone-fd0020211111://handle_client_sign_in_callback?");
        return Arrays.stream(query.split("&"))
                .map(parameter -> parameter.split("=", 2))
                .collect(Collectors.toMap(
                        parameter -> parameter[0],
                        parameter -> URLDecoder.decode(parameter[1], StandardCharsets.UTF_8)));
    }

    void expectClientOf(String name, Map<String, String> handed) {
        assertThat(handed)
                .containsEntry("state", STATE)
                .containsEntry("actor_name", name)
                .containsEntry("account_slug", slug);
        assertThat(handshake(NONCE + handed.get("fragment"))).isEqualTo(101);
    }

    /** The status with which the portal answers a client that shows this. */
    static int handshake(String token) {
        try {
            HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .header("X-Authorization", "Bearer " + token)
                    .header("User-Agent", "Linux/6.1 headless-client/1.5.4 (x86_64)")
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + portal.port("SLUICE_API_PORT")
                                    + "/client/websocket?sluice=1&name=laptop&external_id=laptop&public_key=" + KEY),
                            new WebSocket.Listener() {})
                    .join()
                    .abort();
            return 101;
        } catch (CompletionException refused) {
            return ((WebSocketHandshakeException) refused.getCause())
                    .getResponse()
                    .statusCode();
        }
    }

    /** 32 bytes that are a point of the curve as good as any. */
    private static final String KEY = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI%3D";

    void expectConsole() {
        expectHeading(page, slug);
        assertThat(page.getByText("Sign out")).isVisible();
    }
}
