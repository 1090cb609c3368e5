package dev.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A newcomer's way, in a real browser and on real hosts: from a portal that knows nobody to the first answer of a resource.
 * What a page says is to be typed in a terminal is typed there as it stands.
 */
class FirstAccessIT {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Page.GetByLabelOptions EXACT = new Page.GetByLabelOptions().setExact(true);
    private static final String WEB = "http://" + Topology.PORTAL_IPV4 + ":" + Portal.WEB_PORT;

    private static Path directory;
    private static BuiltTree tree;

    @BeforeAll
    static void bringUpTheLab() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "a browser is led into the lab by root alone");
        assumeTrue(Files.isExecutable(CHROMIUM), "there is no " + CHROMIUM);
        // Not below a directory that the lab hides.
        directory = Files.createTempDirectory(Path.of("/var/tmp"), "sluice-test-");
        tree = BuiltTree.copy(directory);
        script("bin/sudo", "exec env \"$@\"");
        assertThat(launcher("lab", "up", "--bare").inheritIO().start().waitFor())
                .isZero();
        // Around the lab's own /tmp, in which Playwright's files would be missing.
        script(
                "chromium",
                "exec nsenter --net=/proc/" + labProcess() + "/root" + Namespace.path(Topology.PORTAL) + " " + CHROMIUM
                        + " \"$@\"");
    }

    @AfterAll
    static void endTheLab() throws Exception {
        if (directory != null) {
            launcher("lab", "down").inheritIO().start().waitFor();
            new ProcessBuilder("rm", "-rf", directory.toString()).start().waitFor();
        }
    }

    private static void script(String name, String line) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String labProcess() throws IOException {
        Properties state = new Properties();
        try (var in = Files.newBufferedReader(directory.resolve("state/sluice/lab"))) {
            state.load(in);
        }
        return state.getProperty("pid");
    }

    private static ProcessBuilder launcher(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(tree.root().resolve("sluice").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    /** What somebody types in a terminal of this host, where the tree is. */
    private static ProcessBuilder typed(String host, String text) {
        return launcher(
                "lab",
                "exec",
                host,
                "--",
                "env",
                "PATH=" + directory.resolve("bin") + ":" + System.getenv("PATH"),
                "bash",
                "-c",
                text);
    }

    private static Process startPortal() throws Exception {
        Process portal = typed(
                        Topology.PORTAL,
                        "SLUICE_SIGN_UP='*' SLUICE_WEB_URL=" + WEB + " ./sluice portal start --development")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("portal.log").toFile())
                .start();
        await(
                "the portal",
                () -> Files.readString(directory.resolve("portal.log")).contains(WEB));
        return portal;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(() -> what + "; " + logs()).isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private static String logs() {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .map(FirstAccessIT::content)
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String content(Path file) {
        try {
            return file + ":\n" + Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String said(ProcessBuilder command) throws Exception {
        Process process = command.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private static void press(Page page, String button) {
        page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName(button)).click();
    }

    private static void follow(Page page, String link) {
        page.getByRole(AriaRole.LINK, new GetByRoleOptions().setName(link).setExact(true))
                .click();
    }

    private static void expectHeading(Page page, String text) {
        PlaywrightAssertions.assertThat(page.getByRole(
                        AriaRole.HEADING, new GetByRoleOptions().setName(text).setLevel(1)))
                .isVisible();
    }

    /** What the page has that is to be typed, and begins so. */
    private static String shown(Page page, String beginning) {
        return page.locator("pre code").allTextContents().stream()
                .filter(text -> text.startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldLeadFromNothingToTheFirstAnswer() throws Exception {
        startPortal();
        try (Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright
                        .chromium()
                        .launch(new LaunchOptions()
                                .setExecutablePath(directory.resolve("chromium"))
                                .setHeadless(!"false".equals(System.getenv("SLUICE_BROWSER_HEADLESS")))
                                // Whoever administers it sits at the portal's host: in clear nobody else is let in.
                                .setArgs(List.of(
                                        "--no-sandbox",
                                        "--disable-gpu",
                                        "--host-resolver-rules=MAP " + Topology.PORTAL_IPV4 + " 127.0.0.1")))) {
            long begin = System.nanoTime();
            Page page = browser.newPage();
            page.navigate(WEB);
            follow(page, "Make an account");
            page.getByLabel("Your organization").fill("Acme");
            page.getByLabel("Your name").fill("Ada");
            page.getByLabel("E-mail address").fill("ada@acme.example");
            press(page, "Send me the link");
            expectHeading(page, "Look into your mail");
            Matcher link = Pattern.compile("http://\\S+/sign-up/confirm\\?token=\\S+")
                    .matcher(said(typed(Topology.PORTAL, "./sluice portal mails ada@acme.example")));
            assertThat(link.find()).isTrue();
            page.navigate(link.group());
            press(page, "Make the account");
            expectHeading(page, "Acme");

            follow(page, "Sites");
            page.getByLabel("Name", EXACT).fill("Vienna");
            press(page, "Make it");
            expectHeading(page, "Vienna");
            press(page, "Make a token for a gateway");
            typed(Topology.GATEWAY, shown(page, "umask 077; cat > gateway.token"))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("gateway.log").toFile())
                    .start();

            follow(page, "Resources");
            follow(page, "New resource");
            page.getByLabel("Name", EXACT).fill("Servers");
            page.getByLabel("Address").fill("172.20.0.0/16");
            page.getByLabel("Vienna").check();
            press(page, "Make it");
            expectHeading(page, "Servers");
            follow(page, "Let somebody reach it");
            press(page, "Make it");
            expectHeading(page, "Everyone → Servers");

            follow(page, "Overview");
            Process client = typed(Topology.CLIENT, shown(page, "sudo SLUICE_API_URL"))
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader lines = client.inputReader()) {
                String line = lines.readLine();
                while (line != null && !line.contains("user_code=")) {
                    line = lines.readLine();
                }
                assertThat(line).as("the client shows where to sign it in").isNotNull();
                page.navigate(line.strip());
                press(page, "Sign it in as Ada");
            }
            await(
                    "curl answers",
                    () -> typed(Topology.CLIENT, "curl --silent --fail --max-time 2 http://" + Topology.RESOURCE_IPV4)
                                    .start()
                                    .waitFor()
                            == 0);
            System.out.printf(
                    "from an empty portal to the first answer in %d s%n",
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
            page.navigate(WEB + "/acme/flows");
            PlaywrightAssertions.assertThat(page.getByRole(AriaRole.ROW).getByText("Servers"))
                    .isVisible();
        }
    }
}
