package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A portal for development, and a real browser in which people look at it. Left out where there is none. */
abstract class InChromium {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final List<String> QUIET = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    static final Page.GetByLabelOptions EXACT = new Page.GetByLabelOptions().setExact(true);

    @TempDir
    static Path directory;

    static PortalProcess portal;
    static com.microsoft.playwright.Browser browser;

    /** Where people find it. */
    static String base;

    private static Playwright playwright;

    /** What a browser complains of, a violated policy among it. */
    final List<String> complaints = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.isExecutable(CHROMIUM), "there is no " + CHROMIUM);
        portal = new PortalProcess(directory.resolve("data"))
                .with("SLUICE_SIGN_UP", "*")
                .with("SLUICE_SIGN_IN_BURST", "1000")
                .with("SLUICE_OUTGOING_ALLOW", "127.0.0.0/8");
        base = "http://localhost:" + portal.port("SLUICE_WEB_PORT");
        portal.start("--development");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setHeadless(!"false".equals(System.getenv("SLUICE_BROWSER_HEADLESS")))
                        .setArgs(QUIET));
    }

    @AfterAll
    static void stop() throws Exception {
        if (portal != null) {
            if (playwright != null) {
                playwright.close();
            }
            portal.close();
        }
    }

    Page open(BrowserContext context) {
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        page.onPageError(error -> complaints.add(page.url() + ": " + error));
        return page;
    }

    static void press(Page page, String button) {
        page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName(button)).click();
    }

    static void follow(Page page, String link) {
        page.getByRole(AriaRole.LINK, new GetByRoleOptions().setName(link).setExact(true))
                .click();
    }

    static void expectHeading(Page page, String text) {
        PlaywrightAssertions.assertThat(page.getByRole(
                        AriaRole.HEADING, new GetByRoleOptions().setName(text).setLevel(1)))
                .isVisible();
    }

    /** What somebody would have been mailed last, from its link on. */
    static String mailed(String address, Pattern what) throws Exception {
        portal.await(() -> what.matcher(portal.run("mails", address).out()).find());
        Matcher found = what.matcher(portal.run("mails", address).out());
        assertThat(found.find()).isTrue();
        return found.group();
    }
}
