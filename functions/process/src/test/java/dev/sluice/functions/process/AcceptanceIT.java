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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The acceptance scenarios of the system that we follow (portal-protocol.md, section 14), in its order; each is named as there.
 *
 * <pre>
 * auth_test            all sign-in options · admin sign-out · unprivileged sign-out · session ends · not found
 * email_test           unknown e-mail · portal by link · client by link · client beside a session
 * userpass_test        wrong · disabled identity · disabled actor · deleted actor · admin · user bounced · client · beside
 * openid_connect_test  unknown · portal · invited by e-mail · client · browser then client · client then browser
 * </pre>
 */
class AcceptanceIT extends InChromium {
    private static final AtomicInteger ACCOUNTS = new AtomicInteger();
    private static final String PASSWORD = "correct horse battery";
    private static final String NONCE = "0123456789abcdef0123456789abcdef";
    private static final String STATE = "fedcba9876543210fedcba9876543210";
    private static final String CLIENT = "?as=client&state=" + STATE + "&nonce=" + NONCE;
    private static final Pattern CODE = Pattern.compile("(?<=Your code: )\\w+");

    private static OpenIdProvider elsewhere;

    private String slug;
    private String admin;
    private String user;
    private BrowserContext context;
    private Page page;

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

    private void fresh() {
        if (context != null) {
            context.close();
        }
        context = browser.newContext();
        page = open(context);
    }

    private static JsonNode run(String... arguments) {
        var command = Arrays.copyOf(arguments, arguments.length + 1);
        command[arguments.length] = "--json";
        var outcome = portal.run(command);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome.json();
    }

    private void go(String path) {
        page.navigate(base + "/" + slug + path);
    }

    private void asAdmin() {
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

    private void openPerson(String email) {
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

    private void withPassword(String intent, String email, String password) {
        go("/sign_in" + intent);
        page.locator("#name").fill(email);
        page.getByLabel("Password").fill(password);
        page.locator("form", new Page.LocatorOptions().setHasText("Password"))
                .getByRole(AriaRole.BUTTON)
                .click();
    }

    private void askForCode(String intent, String email) {
        go("/sign_in" + intent);
        page.locator("#email").fill(email);
        press(page, "Send a code");
    }

    /** As the mail's link does it, in the same browser. */
    private void withLink(String intent, String email) throws Exception {
        askForCode(intent, email);
        String code = mailed(email, CODE);
        Matcher link = Pattern.compile("http://\\S+code=" + code + "\\S*")
                .matcher(portal.run("mails", email).out());
        assertThat(link.find()).isTrue();
        page.navigate(link.group());
        press(page, "Sign in");
    }

    private void withVault(String intent, String subject, String claims) throws Exception {
        go("/sign_in" + intent);
        follow(page, "Sign in with Vault");
        page.locator("input[name=username]").fill(subject);
        page.locator("[name=claims]").fill(claims);
        page.locator("[type=submit]").first().click();
    }

    private static String verified(String email) {
        return "{\"email\": \"" + email + "\", \"email_verified\": true}";
    }

    private interface SigningIn {
        void run() throws Exception;
    }

    /** What the client is handed at the end of a way to sign in. */
    private Map<String, String> handedOver(SigningIn way) throws Exception {
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

    private void expectClientOf(String name, Map<String, String> handed) {
        assertThat(handed)
                .containsEntry("state", STATE)
                .containsEntry("actor_name", name)
                .containsEntry("account_slug", slug);
        assertThat(handshake(NONCE + handed.get("fragment"))).isEqualTo(101);
    }

    /** The status with which the portal answers a client that shows this. */
    private static int handshake(String token) {
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

    private void expectConsole() {
        expectHeading(page, slug);
        assertThat(page.getByText("Sign out")).isVisible();
    }

    @Test
    @DisplayName("auth: all sign-in options are rendered")
    void shouldShowEveryWayToSignIn() {
        go("/sign_in");
        assertThat(page.getByText("Sign in with Vault")).isVisible();
        assertThat(page.getByText("With a password")).isVisible();
        assertThat(page.getByText("With a code by e-mail")).isVisible();
    }

    @Test
    @DisplayName("auth: an admin signs out")
    void shouldSignAnAdminOut() {
        asAdmin();
        press(page, "Sign out");
        expectHeading(page, "Sign in to " + slug);
        go("");
        assertThat(page.getByText("You must sign in to see this page.")).isVisible();
    }

    @Test
    @DisplayName("auth: somebody unprivileged signs out by the address")
    void shouldSignAUserOutByTheAddress() {
        withPassword("?as=device", user, PASSWORD);
        expectHeading(page, "Sign in a device");
        go("/sign_out");
        page.locator("main").getByRole(AriaRole.BUTTON).click();
        expectHeading(page, "Sign in to " + slug);
    }

    @Test
    @DisplayName("auth: a session ends live when its token is revoked")
    void shouldEndASessionLive() {
        asAdmin();
        run("actor", "sign-out", admin, "--account", slug);
        assertThat(page.getByText("You must sign in to see this page.")).isVisible();
    }

    @Test
    @DisplayName("auth: a regular user gets not-found on admin routes")
    void shouldHaveNoAdminRoutesForUsers() {
        withPassword("?as=device", user, PASSWORD);
        go("/people");
        expectHeading(page, "There is no such page");
        go("");
        expectHeading(page, "There is no such page");
    }

    @Test
    @DisplayName("email: an unknown address is told the same")
    void shouldTellAnUnknownAddressTheSame() {
        askForCode("", "nobody@" + slug + ".example");
        assertThat(page.getByText("a mail with a code is on its way")).isVisible();
        assertThat(portal.run("mails", "nobody@" + slug + ".example").out()).isBlank();
    }

    @Test
    @DisplayName("email: signing in to the portal by the link")
    void shouldSignInByTheLinkOfTheMail() throws Exception {
        withLink("", admin);
        expectConsole();
    }

    @Test
    @DisplayName("email: a client signs in by the link")
    void shouldSignAClientInByTheLink() throws Exception {
        expectClientOf("User", handedOver(() -> withLink(CLIENT, user)));
    }

    @Test
    @DisplayName("email: a client signs in beside an active session")
    void shouldSignAClientInBesideASession() throws Exception {
        asAdmin();
        expectClientOf(admin, handedOver(() -> {
            go(CLIENT);
            press(page, "Go on as");
        }));
        go("");
        expectConsole();
    }

    @Test
    @DisplayName("userpass: wrong credentials")
    void shouldRefuseAWrongPassword() {
        withPassword("", admin, PASSWORD + "!");
        assertThat(page.getByText("This is not the password of that address")).isVisible();
    }

    @Test
    @DisplayName("userpass: a disabled identity")
    void shouldRefuseADisabledProvider() {
        asAdmin();
        go("/identity_providers");
        follow(page, "Passwords");
        press(page, "Disable it");
        fresh();
        go("/sign_in");
        assertThat(page.getByText("With a code by e-mail")).isVisible();
        assertThat(page.getByText("With a password")).hasCount(0);
    }

    @Test
    @DisplayName("userpass: a disabled actor")
    void shouldRefuseADisabledActor() {
        asAdmin();
        openPerson(user);
        press(page, "Disable them");
        fresh();
        withPassword(CLIENT, user, PASSWORD);
        assertThat(page.getByText("This is not the password of that address")).isVisible();
    }

    @Test
    @DisplayName("userpass: a deleted actor")
    void shouldRefuseADeletedActor() {
        asAdmin();
        openPerson(user);
        follow(page, "Delete User…");
        press(page, "Delete User");
        fresh();
        withPassword(CLIENT, user, PASSWORD);
        assertThat(page.getByText("This is not the password of that address")).isVisible();
    }

    @Test
    @DisplayName("userpass: an admin lands in the portal")
    void shouldLandAnAdminInThePortal() {
        withPassword("", admin, PASSWORD);
        expectConsole();
    }

    @Test
    @DisplayName("userpass: a user is bounced with a message")
    void shouldBounceAUser() {
        withPassword("", user, PASSWORD);
        expectHeading(page, "Only admins come in here");
        go("");
        expectHeading(page, "Sign in to " + slug);
    }

    @Test
    @DisplayName("userpass: a client's deep link")
    void shouldHandAClientOverByPassword() throws Exception {
        expectClientOf("User", handedOver(() -> withPassword(CLIENT, user, PASSWORD)));
    }

    @Test
    @DisplayName("userpass: a client signs in beside an active session")
    void shouldHandAClientOverBesideASessionByPassword() throws Exception {
        withPassword("", admin, PASSWORD);
        expectConsole();
        expectClientOf(admin, handedOver(() -> {
            go("/sign_in" + CLIENT);
            press(page, "Go on as");
        }));
        go("");
        expectConsole();
    }

    @Test
    @DisplayName("openid_connect: an unknown identity is an error")
    void shouldRefuseAnUnknownIdentity() throws Exception {
        withVault("", "stranger", verified("stranger@" + slug + ".example"));
        expectHeading(page, "Nobody here is known by that");
    }

    @Test
    @DisplayName("openid_connect: signing in to the portal")
    void shouldSignInByTheProvider() throws Exception {
        withVault("", "sub", verified(admin));
        expectConsole();
        fresh();
        withVault("", "sub", "{}");
        expectConsole();
    }

    @Test
    @DisplayName("openid_connect: an invited user is matched by the e-mail claim")
    void shouldMatchAnInvitedUserByTheirAddress() throws Exception {
        run(
                "actor",
                "create",
                "--type",
                "admin",
                "--name",
                "Invited",
                "--email",
                "new@" + slug + ".example",
                "--account",
                slug);
        withVault("", "invited", verified("new@" + slug + ".example"));
        expectConsole();
        assertThat(page.getByText("Invited", new GetByTextOptions().setExact(true)))
                .isVisible();
    }

    @Test
    @DisplayName("openid_connect: a client signs in; neither fragment nor nonce alone is good")
    void shouldSignAClientInByTheProvider() throws Exception {
        var handed = handedOver(() -> withVault(CLIENT, "sub", verified(user)));
        assertThat(handshake(handed.get("fragment"))).isEqualTo(401);
        assertThat(handshake(NONCE)).isEqualTo(401);
        expectClientOf("User", handed);
    }

    @Test
    @DisplayName("openid_connect: the browser, then a client")
    void shouldSignInTheBrowserAndThenAClient() throws Exception {
        withVault("", "sub", verified(admin));
        expectConsole();
        expectClientOf(admin, handedOver(() -> {
            go(CLIENT);
            press(page, "Go on as");
        }));
    }

    @Test
    @DisplayName("openid_connect: a client, then the browser")
    void shouldSignInAClientAndThenTheBrowser() throws Exception {
        expectClientOf(admin, handedOver(() -> withVault(CLIENT, "sub", verified(admin))));
        withVault("", "sub", "{}");
        expectConsole();
    }
}
