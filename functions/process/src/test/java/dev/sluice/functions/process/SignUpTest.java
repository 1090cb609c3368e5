package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import dev.sluice.functions.database.DatabaseTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Somebody makes an account for themselves. */
@QuarkusTest
@TestProfile(MailProfile.class)
@WithTestResource(DatabaseTestResource.class)
class SignUpTest {
    private static final Pattern LINK = Pattern.compile("https://portal.example(/sign-up/confirm\\?token=\\S+)");
    private static final long PATIENCE_MILLIS = 20_000;

    @Inject
    WebListener web;

    private final GreenMail server = MailProfile.server();
    private MailedCodes mailed;

    @BeforeEach
    void forgetMails() throws Exception {
        mailed = new MailedCodes(web, "nowhere");
        server.purgeEmailFromAllMailboxes();
    }

    private Browser.Page ask(Browser browser, String account, String name, String email) throws Exception {
        var page = browser.get("/sign-up");
        assertThat(page.status()).isEqualTo(200);
        return browser.post(
                "/sign-up", Map.of("account", account, "name", name, "email", email, "form", page.field("form")));
    }

    private String link() throws Exception {
        assertThat(server.waitForIncomingEmail(PATIENCE_MILLIS, 1)).isTrue();
        Matcher link = LINK.matcher(
                server.getReceivedMessages()[0].getContent().toString().replace("=\r\n", ""));
        assertThat(link.find()).isTrue();
        return link.group(1);
    }

    private Browser.Page make(Browser browser, String link) throws Exception {
        var page = browser.get(link);
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        return browser.post("/sign-up/confirm", Map.of("token", page.field("token"), "form", page.field("form")));
    }

    @Test
    void shouldMakeAnAccountOnceTheLinkIsOpened() throws Exception {
        var browser = mailed.browser();
        assertThat(browser.get("/").body()).contains("Make an account");
        var asked = ask(browser, "Ada & Söhne", "Ada <b>", "ada@START.example");
        assertThat(asked.body()).contains("Look into your mail");
        String link = link();
        var confirm = browser.get(link);
        assertThat(confirm.body()).contains("Make Ada &amp; Söhne", "Ada &lt;b&gt;");
        // What only looks at it makes nothing.
        assertThat(browser.get("/ada_s_hne").status()).isEqualTo(303);

        var made = make(browser, link);
        assertThat(made.status()).as(made.body()).isEqualTo(303);
        assertThat(made.location()).isEqualTo("/ada_s_hne");
        assertThat(browser.get(made.location()).body())
                .contains("Ada &lt;b&gt;", "A site <span class=\"state\">done</span>");
        assertThat(browser.get(link).status()).isEqualTo(410);
        assertThat(browser.post(
                                "/sign-up/confirm",
                                Map.of("token", confirm.field("token"), "form", confirm.field("form")))
                        .status())
                .isEqualTo(410);

        // Another of the name is called otherwise.
        server.purgeEmailFromAllMailboxes();
        var second = mailed.browser();
        ask(second, "Ada Söhne", "Grace", "grace@start.example");
        assertThat(make(second, link()).location()).matches("/ada_s_hne_[0-9]{6}");
    }

    @Test
    void shouldSayTheSameToWhoMayNotAndSendThemNothing() throws Exception {
        var may = ask(mailed.browser(), "Acme", "Ada", "one@acme.example");
        var mayNot = ask(mailed.browser(), "Acme", "Ada", "one@evil.example");
        assertThat(mayNot.status()).isEqualTo(may.status());
        assertThat(mayNot.body().replace("evil", "acme")).isEqualTo(may.body());
        link();
        assertThat(server.getReceivedMessages()).hasSize(1);
        assertThat(server.getReceivedMessages()[0].getAllRecipients()[0]).hasToString("one@acme.example");
    }

    @Test
    void shouldTakeNoLinkThatIsNotOurs() throws Exception {
        var browser = mailed.browser();
        ask(browser, "Acme", "Ada", "two@acme.example");
        String link = link();
        for (String forged : new String[] {
            "/sign-up/confirm",
            "/sign-up/confirm?token=",
            "/sign-up/confirm?token=a.b",
            link + "x",
            link.replace("token=", "token=e")
        }) {
            assertThat(browser.get(forged).status()).as(forged).isEqualTo(410);
        }
        assertThat(browser.post("/sign-up", Map.of("account", "Acme", "name", "Ada", "email", "a@acme.example"))
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({"account,ab,Ada,a@acme.example", "name,Acme,'',a@acme.example", "email,Acme,Ada,nonsense"})
    void shouldSayBesideTheFieldWhatIsWrong(String field, String account, String name, String email) throws Exception {
        var refused = ask(mailed.browser(), account, name, email);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("id=\"" + field + "-error\" role=\"alert\"");
    }
}
