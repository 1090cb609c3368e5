package dev.sluice.functions.signup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.account.Account;
import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.actor.ActorService;
import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.api.TokenBuckets;
import dev.sluice.functions.auth.KeyedHash;
import dev.sluice.functions.auth.Person;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.mail.MailException;
import dev.sluice.functions.mail.Postbox;
import dev.sluice.functions.settings.MailSettings;
import dev.sluice.functions.settings.WebAddress;
import dev.sluice.functions.site.SiteService;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import io.quarkus.mailer.Mail;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes accounts for those who ask, once they have opened the link that is sent to them: whose address it is not makes nothing.
 * Until then nothing is kept; what is asked for stands in the link, which is signed.
 */
@ApplicationScoped
public class SignUps {
    /** How long a link is good. */
    public static final Duration LIFE = Duration.ofHours(1);

    private static final Logger LOG = Logger.getLogger(SignUps.class);

    /** So many mails to one address in half an hour. */
    private static final int MAILS = 3;

    private static final double MAILS_A_SECOND = MAILS / 1800.0;

    private static final int LONGEST_SLUG = 80;
    private static final int SHORTEST_SLUG = 3;

    /**
     * What somebody asks for.
     *
     * @param id of the account that it becomes: opened twice, the link makes one
     * @param expiresAt seconds since 1970
     */
    public record Wanted(UUID id, String account, String name, String email, long expiresAt) {}

    /** What was made, and who is its admin. */
    public record Made(Account account, Person admin) {}

    private final Transactions transactions;
    private final AccountService accounts;
    private final ActorService actors;
    private final SiteService sites;
    private final SignUpSettings settings;
    private final MailSettings mails;
    private final Postbox postbox;
    private final WebAddress web;
    private final ObjectMapper json;
    private final KeyedHash hash;
    private final SecureRandom random = new SecureRandom();
    private final TokenBuckets<String> sent = new TokenBuckets<>(MAILS, MAILS_A_SECOND, System::nanoTime);

    @Inject
    SignUps(
            Transactions transactions,
            AccountService accounts,
            ActorService actors,
            SiteService sites,
            SignUpSettings settings,
            MailSettings mails,
            Postbox postbox,
            WebAddress web,
            ObjectMapper json,
            TokenKey key) {
        this.transactions = transactions;
        this.accounts = accounts;
        this.actors = actors;
        this.sites = sites;
        this.settings = settings;
        this.mails = mails;
        this.postbox = postbox;
        this.web = web;
        this.json = json;
        this.hash = new KeyedHash(key, "sign_up");
    }

    /** Whether anybody may, and mails are sent. */
    public boolean areOn() {
        return settings.domains().isPresent() && mails.from().isPresent();
    }

    /** Sends the link, if whoever has this address may have an account; what is answered is the same. */
    public void ask(String account, String name, String email) {
        if (!areOn()
                || !settings.allows(email)
                || !sent.take(email.toLowerCase(Locale.ROOT)).isZero()) {
            return;
        }
        var wanted = new Wanted(
                Ids.next(), account, name, email, Instant.now().plus(LIFE).getEpochSecond());
        Thread.ofVirtual().name("sign-up").start(() -> send(wanted));
    }

    private void send(Wanted wanted) {
        try {
            postbox.send(Mail.withText(
                    wanted.email(),
                    "Your account " + wanted.account(),
                    String.format(
                            Locale.ROOT,
                            """
                            Somebody, perhaps you, asks for an account %s with this address. Open this to make it:
                            %s

                            It is good for %d minutes. If that was not you, leave it alone: then nothing is made.
                            """,
                            wanted.account(),
                            web.of("/sign-up/confirm?token=" + sign(wanted)),
                            LIFE.toMinutes())));
        } catch (MailException e) {
            LOG.warnf("a mail of a sign-up was not sent: %s", e.getMessage());
            LOG.debugf(e, "sign-up %s", wanted.id());
        }
    }

    private String sign(Wanted wanted) {
        try {
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(json.writeValueAsBytes(wanted));
            return text + "." + hash.of(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a link asks for; nothing, if it is none of ours, is over, or was used. */
    public Optional<Wanted> look(@Nullable String token) {
        int end = token == null ? -1 : token.lastIndexOf('.');
        if (token == null || end < 0 || !hash.isOf(token.substring(end + 1), token.substring(0, end))) {
            return Optional.empty();
        }
        try {
            var wanted = json.readValue(Base64.getUrlDecoder().decode(token.substring(0, end)), Wanted.class);
            return wanted.expiresAt() > Instant.now().getEpochSecond()
                            && accounts.find(wanted.id().toString()).isEmpty()
                    ? Optional.of(wanted)
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Makes the account, with its first admin and a site. */
    public Made make(Wanted wanted) {
        UUID id = wanted.id();
        return transactions.inAccount(id).call(transaction -> {
            Account account = accounts.create(transaction, id, slug(wanted.account()), wanted.account());
            var admin = actors.create(transaction, id, ActorType.ADMIN, wanted.name(), wanted.email());
            sites.create(transaction, id, "Default");
            UUID provider = transaction.one(
                    "SELECT id FROM identity_provider WHERE account_id = ? AND type = 'email'",
                    row -> row.id("id"),
                    id);
            return new Made(account, new Person(id, admin.id(), null, provider, wanted.name(), wanted.email(), true));
        });
    }

    /** What the account's addresses begin with: its name, as far as that goes, and something if that is taken. */
    private String slug(String name) {
        String plain =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_|_$", "");
        String slug = plain.length() > LONGEST_SLUG ? plain.substring(0, LONGEST_SLUG) : plain;
        while (slug.length() < SHORTEST_SLUG || accounts.find(slug).isPresent()) {
            slug = (slug.isEmpty() ? "account" : slug.replaceAll("_[0-9]{6}$", "")) + "_"
                    + String.format(Locale.ROOT, "%06d", random.nextInt(1_000_000));
        }
        return slug;
    }
}
