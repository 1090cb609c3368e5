package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** People of an account who sign in by codes, which a real server sends. */
final class MailedCodes {
    private static final Pattern CODE = Pattern.compile("Your code: ([2-9a-z]{5})");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration ROUND = Duration.ofMillis(100);
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private final GreenMail server = MailProfile.server();
    private final WebListener web;
    private final String slug;

    MailedCodes(WebListener web, String slug) {
        this.web = web;
        this.slug = slug;
    }

    /** At an address of its own. */
    Browser browser() {
        int number = ADDRESSES.incrementAndGet();
        return new Browser(URI.create("http://127.0.0.1:" + web.port()))
                .with("X-Forwarded-For", "198.51." + number / 250 + "." + number % 250);
    }

    /** @param intent the query of what they sign in for; empty for the console */
    Browser.Page ask(Browser browser, String email, String intent) throws Exception {
        var page = browser.get("/" + slug + "/sign_in" + intent);
        assertThat(page.body()).contains("Send a code");
        return browser.post("/" + slug + "/sign_in/email" + intent, Map.of("email", email, "form", page.field("form")));
    }

    Browser.Page enter(Browser browser, String code, String intent) throws Exception {
        var page = browser.get("/" + slug + "/sign_in/email" + intent);
        return browser.post(
                "/" + slug + "/sign_in/email/code" + intent, Map.of("code", code, "form", page.field("form")));
    }

    /** Both, with the code of the mail. */
    Browser.Page signIn(Browser browser, String email, String intent) throws Exception {
        int before = own().size();
        ask(browser, email, intent);
        await(before + 1);
        return enter(browser, code(email), intent);
    }

    List<String> mails(String to) throws Exception {
        List<String> mails = new ArrayList<>();
        for (MimeMessage message : own()) {
            if (message.getAllRecipients()[0].toString().equals(to)) {
                mails.add(String.valueOf(message.getContent()));
            }
        }
        return mails;
    }

    /** Those of this account: one that another test has asked for may come late. */
    private List<MimeMessage> own() throws Exception {
        List<MimeMessage> own = new ArrayList<>();
        for (MimeMessage message : server.getReceivedMessages()) {
            if (String.valueOf(message.getContent()).contains("/" + slug + "/")) {
                own.add(message);
            }
        }
        return own;
    }

    /** Until so many mails have come, whoever they are to. */
    void await(int mails) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (own().size() < mails) {
            assertThat(System.nanoTime()).as("mails came late").isLessThan(until);
            server.waitForIncomingEmail(ROUND.toMillis(), server.getReceivedMessages().length + 1);
        }
    }

    String code(String to) throws Exception {
        await(1);
        Matcher code = CODE.matcher(mails(to).getLast());
        assertThat(code.find()).isTrue();
        return code.group(1);
    }
}
