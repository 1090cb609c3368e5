package dev.sluice.functions.process;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page.GetByTextOptions;
import com.microsoft.playwright.options.AriaRole;
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
class AcceptanceIT extends SignInInChromium {
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
