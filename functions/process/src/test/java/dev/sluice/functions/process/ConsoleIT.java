package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByTextOptions;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * The console in a real browser: from an empty account to a policy, and what each page is to anybody who looks at it. Shots
 * of all pages are left in {@code target/screenshots}; {@code SLUICE_BROWSER_HEADLESS=false} shows the browser.
 */
class ConsoleIT extends InChromium {
    private static final Logger LOG = Logger.getLogger(ConsoleIT.class);
    private static final Path SHOTS = Path.of("target/screenshots");
    private static final int WIDE = 1280;
    private static final int NARROW = 390;
    private static final int HEIGHT = 900;

    private static String link(String slug) {
        String email = "ada@" + slug + ".example";
        assertThat(portal.run("account", "create", "--name", slug, "--slug", slug, "--admin-email", email)
                        .code())
                .isZero();
        return portal.run("sign-in-link", email, "--account", slug).out().strip();
    }

    /** How far what stood there has moved while the page was made (the Layout Instability API's score). */
    private static final String MOVED = """
            () => {
                const seen = new PerformanceObserver(() => {});
                seen.observe({ type: 'layout-shift', buffered: true });
                return seen.takeRecords().filter(shift => !shift.hadRecentInput).map(shift => shift.value);
            }
            """;

    /** Takes shots of the page as it is, and holds it against WCAG 2 AA: at both widths, light and dark. */
    private static void look(Page page, String name) {
        assertThat((List<?>) page.evaluate(MOVED)).as("shifts of %s", name).isEmpty();
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            for (int width : new int[] {NARROW, WIDE}) {
                page.setViewportSize(width, HEIGHT);
                String shot = String.format(
                        Locale.ROOT, "%s-%d-%s.png", name, width, scheme.name().toLowerCase(Locale.ROOT));
                page.screenshot(
                        new ScreenshotOptions().setPath(SHOTS.resolve(shot)).setFullPage(true));
                assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                        .as("%s at %d", name, width)
                        .isLessThanOrEqualTo(width);
            }
            assertThat(new AxeBuilder(page)
                            .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"))
                            .analyze()
                            .getViolations())
                    .as("%s, %s", name, scheme)
                    .isEmpty();
        }
    }

    @Test
    void shouldLeadFromASignUpToAPolicy() throws Exception {
        long begin = System.nanoTime();
        try (BrowserContext context = browser.newContext(new NewContextOptions().setViewportSize(WIDE, HEIGHT))) {
            Page page = open(context);
            page.navigate(base);
            look(page, "landing");
            follow(page, "Make an account");
            look(page, "sign-up");
            page.getByLabel("Your organization").fill("Acme");
            page.getByLabel("Your name").fill("Ada");
            page.getByLabel("E-mail address").fill("ada@acme.example");
            press(page, "Send me the link");
            expectHeading(page, "Look into your mail");
            page.navigate(mailed("ada@acme.example", Pattern.compile("http://\\S+/sign-up/confirm\\?token=\\S+")));
            look(page, "sign-up-confirm");
            press(page, "Make the account");
            expectHeading(page, "Acme");

            follow(page, "Sites");
            page.getByLabel("Name", EXACT).fill("Vienna");
            press(page, "Make it");
            expectHeading(page, "Vienna");
            press(page, "Make a token for a gateway");
            PlaywrightAssertions.assertThat(page.getByText("It is shown this once."))
                    .isVisible();

            follow(page, "Resources");
            follow(page, "New resource");
            page.getByLabel("Name", EXACT).fill("Servers");
            page.getByLabel("Address").fill("10.1.0.0/16");
            page.getByLabel("Vienna").check();
            press(page, "Make it");
            expectHeading(page, "Servers");
            follow(page, "Let somebody reach it");
            press(page, "Make it");
            expectHeading(page, "Everyone → Servers");
            LOG.infof(
                    "from a sign-up to a policy in %d ms",
                    Duration.ofNanos(System.nanoTime() - begin).toMillis());

            follow(page, "Overview");
            PlaywrightAssertions.assertThat(page.getByText("done", new GetByTextOptions().setExact(true)))
                    .hasCount(3);
            press(page, "Sign out");
            expectHeading(page, "Sign in to acme");
            page.navigate(page.url().replace("/sign_in", ""));
            PlaywrightAssertions.assertThat(page.getByText("You must sign in to see this page."))
                    .isVisible();
            look(page, "sign-in");
            page.getByLabel("E-mail address").fill("ada@acme.example");
            press(page, "Send a code");
            String code = mailed("ada@acme.example", Pattern.compile("(?<=Your code: )\\w+"));
            page.getByLabel("Code").fill("zzzzz");
            press(page, "Sign in");
            look(page, "code-wrong");
            page.getByLabel("Code").fill(code);
            press(page, "Sign in");
            expectHeading(page, "Acme");
        }
        assertThat(complaints).allMatch(complaint -> complaint.contains("422"));
    }

    /** What happens elsewhere is seen without anything being done, and that somebody else has ended the session. */
    @Test
    void shouldFollowWhatHappensAndLeaveWhenTheSessionEnds() throws Exception {
        String link = link("live");
        try (BrowserContext context = browser.newContext()) {
            Page page = open(context);
            page.navigate(link);
            press(page, "Sign in as");
            PlaywrightAssertions.assertThat(page.getByText("done", new GetByTextOptions().setExact(true)))
                    .hasCount(0);

            assertThat(portal.run("site", "create", "--name", "Vienna", "--account", "live")
                            .code())
                    .isZero();

            PlaywrightAssertions.assertThat(page.getByText("done", new GetByTextOptions().setExact(true)))
                    .hasCount(1);
            String session =
                    portal.run("token", "list", "--account", "live", "--json").out();
            Matcher id = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-f-]{36})\"").matcher(session);
            assertThat(id.find()).isTrue();
            assertThat(portal.run("token", "delete", id.group(1), "--account", "live")
                            .code())
                    .isZero();

            PlaywrightAssertions.assertThat(page.getByText("You must sign in to see this page."))
                    .isVisible();
        }
        assertThat(complaints).isEmpty();
    }

    /** It follows what happens again, and what was being typed is taken: nothing of a session is the process's. */
    @Test
    void shouldGoOnUnderAnOpenPageWhenThePortalIsStartedAgain() throws Exception {
        String link = link("again");
        try (BrowserContext context = browser.newContext()) {
            Page page = open(context);
            page.navigate(link);
            press(page, "Sign in as");
            Page typing = open(context);
            typing.navigate(page.url() + "/groups");
            typing.getByLabel("Name", EXACT).fill("Crew");

            portal.stop();
            portal.start("--development");

            press(typing, "Make it");
            expectHeading(typing, "Crew");
            assertThat(portal.run("site", "create", "--name", "Vienna", "--account", "again")
                            .code())
                    .isZero();
            PlaywrightAssertions.assertThat(page.getByText("done", new GetByTextOptions().setExact(true)))
                    .hasCount(1, new LocatorAssertions.HasCountOptions().setTimeout(30_000));
        }
        assertThat(complaints).allMatch(complaint -> complaint.contains("net::ERR"));
    }

    @Test
    void shouldBeReadableOnEveryPage() throws Exception {
        String link = link("example");
        try (BrowserContext context = browser.newContext()) {
            Page page = open(context);
            page.navigate(link);
            String account = link.substring(0, link.indexOf("/sign_in"));
            look(page, "link");
            press(page, "Sign in as");
            look(page, "overview");
            page.navigate(account + "/people");
            look(page, "people");
            page.navigate(account + "/people/new");
            page.getByLabel("Name").fill("Grace");
            page.getByLabel("E-mail address").fill("nonsense");
            press(page, "Make it");
            look(page, "person-wrong");
            page.getByLabel("E-mail address").fill("grace@example.example");
            press(page, "Make it");
            look(page, "person");
            follow(page, "Change name, type or address…");
            look(page, "person-edit");
            press(page, "Change them");
            press(page, "Make a token for a client");
            look(page, "person-token");
            follow(page, "Delete Grace…");
            look(page, "person-delete");
            page.navigate(account + "/groups");
            page.getByLabel("Name", EXACT).fill("Crew");
            press(page, "Make it");
            page.getByLabel("Put somebody in").fill("Nobody");
            press(page, "Put them in");
            look(page, "group-wrong");
            page.getByLabel("Put somebody in").fill("Grace");
            press(page, "Put them in");
            look(page, "group");
            page.navigate(page.url() + "/delete");
            look(page, "group-delete");
            page.navigate(account + "/groups");
            look(page, "groups");
            page.navigate(account + "/clients");
            look(page, "clients-empty");
            page.navigate(account + "/audit");
            page.getByText("values").first().click();
            look(page, "audit");
            page.navigate(account + "/sites");
            look(page, "sites-empty");
            page.getByLabel("Name", EXACT).fill("Vienna".repeat(10));
            press(page, "Make it");
            look(page, "site");
            String site = page.url();
            press(page, "Make a token for a gateway");
            look(page, "site-token");
            page.navigate(site + "/delete");
            look(page, "site-delete");
            page.navigate(account + "/sites");
            look(page, "sites");
            for (String empty : List.of("gateways", "relays", "policy_tests", "directories")) {
                page.navigate(account + "/" + empty);
                look(page, empty + "-empty");
            }
            page.navigate(account + "/resources");
            look(page, "resources-empty");
            page.navigate(account + "/resources/new");
            look(page, "resource-new");
            page.getByLabel("Name", EXACT).fill("W".repeat(255));
            page.getByLabel("Address").fill("nowhere");
            press(page, "Make it");
            look(page, "resource-wrong");
            page.getByLabel("Address").fill("10.1.0.0/16");
            press(page, "Make it");
            look(page, "resource");
            String resource = page.url();
            follow(page, "Change it");
            look(page, "resource-edit");
            page.navigate(resource + "/delete");
            look(page, "resource-delete");
            page.navigate(account + "/resources");
            look(page, "resources");
            page.navigate(account + "/policies/new");
            look(page, "policy-new");
            page.getByLabel("Resource").fill("W".repeat(255));
            press(page, "Make it");
            look(page, "policy");
            follow(page, "Change it");
            page.getByLabel("They are in").fill("Austria");
            press(page, "Change it");
            look(page, "policy-edit-wrong");
            page.navigate(account + "/policies");
            look(page, "policies");
            page.navigate(account + "/policy_tests/new");
            page.getByLabel("Name", EXACT).fill("Nobody reaches it");
            page.getByLabel("Who").fill("grace@example.example");
            page.getByLabel("What").fill("nothing");
            press(page, "Make it");
            look(page, "policy-test-wrong");
            page.getByLabel("What").fill("10.1.0.0/16");
            press(page, "Make it");
            look(page, "policy-tests");
            page.navigate(account + "/flows");
            look(page, "flows-empty");
            page.navigate(account + "/settings");
            page.getByLabel("Resolvers").fill("somewhere");
            press(page, "Change it");
            look(page, "settings-wrong");
            page.navigate(account + "/tokens");
            look(page, "tokens");
            page.navigate(account + "/billing");
            look(page, "billing");
            page.navigate(account + "/directories/new");
            page.getByLabel("Name", EXACT).fill("Entra");
            page.getByLabel("By").selectOption("entra");
            press(page, "Add it");
            look(page, "directory-wrong");
            page.getByLabel("By").selectOption("scim");
            press(page, "Add it");
            look(page, "directory");
            String directory = page.url();
            press(page, "Make a token for it");
            look(page, "directory-token");
            page.navigate(directory + "/held");
            look(page, "held-empty");
            page.navigate(directory + "/delete");
            look(page, "directory-delete");
            page.navigate(account + "/directories");
            look(page, "directories");
            page.navigate(account + "/identity_providers/new");
            page.getByLabel("Name", EXACT).fill("Keycloak");
            press(page, "Add it");
            look(page, "provider-wrong");
            page.getByLabel("Issuer").fill("https://id.example/realms/acme");
            page.getByLabel("Client id").fill("sluice");
            press(page, "Add it");
            look(page, "provider");
            String provider = page.url();
            follow(page, "Change its name, issuer, client id or secret…");
            look(page, "provider-edit");
            page.navigate(provider + "/delete");
            look(page, "provider-delete");
            page.navigate(account + "/identity_providers/new");
            page.getByLabel("Name", EXACT).fill("Passwords");
            page.getByLabel("By").selectOption("password");
            press(page, "Add it");
            page.navigate(account + "/identity_providers");
            look(page, "providers");
            page.navigate(account + "/people?search=Grace");
            follow(page, "Grace");
            page.getByLabel("New password").fill("short");
            press(page, "Set it");
            look(page, "person-password-wrong");
            page.navigate(account + "/device?user_code=BBBB-BBBB");
            look(page, "device-wrong");
            page.navigate(account + "/sign_out");
            look(page, "sign-out");
            page.navigate(account + "/explain");
            look(page, "explain-empty");
            page.getByLabel("Who").fill("ada@example.example");
            page.getByLabel("What").fill("10.1.0.0/16");
            press(page, "Explain");
            look(page, "explain");
        }
        // A refused form is an answer of 422, which a browser notes.
        assertThat(complaints).allMatch(complaint -> complaint.contains("422"));
    }
}
