package dev.sluice.functions.auth;

import dev.sluice.channel.Secret;
import dev.sluice.functions.account.Account;
import dev.sluice.functions.mail.MailException;
import dev.sluice.functions.mail.Postbox;
import dev.sluice.functions.settings.MailSettings;
import dev.sluice.functions.settings.WebAddress;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import io.quarkus.mailer.Mail;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Codes by mail. One is good in the browser that asked for it alone, and whoever asks learns nothing of whether there is such
 * a person: what they get is the same and takes the same time, since the rest is done when they have it.
 */
@ApplicationScoped
public class EmailCodes {
    /** How long a code is good. */
    public static final Duration LIFE = Duration.ofMinutes(15);

    private static final Logger LOG = Logger.getLogger(EmailCodes.class);

    private static final int ATTEMPTS = 5;

    /** Nothing in it is taken for another. */
    private static final String ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";

    private static final int LENGTH = 5;

    /** Whoever asked for three within five minutes has them. */
    private static final String WHO = """
            SELECT a.id, a.email, p.id AS provider_id FROM actor a
            JOIN identity_provider p ON p.account_id = a.account_id AND p.type = 'email' AND p.disabled_at IS NULL
            WHERE a.account_id = ? AND lower(a.email) = lower(?) AND a.type IN ('user', 'admin') AND a.disabled_at IS NULL
              AND (SELECT count(*) FROM token t WHERE t.account_id = a.account_id AND t.actor_id = a.id
                   AND t.type = 'email' AND t.inserted_at > now() - interval '5 minutes') < 3
            ORDER BY a.inserted_at, a.id LIMIT 1
            """;

    private record Known(
            UUID actorId, String email, @Nullable UUID providerId) {}

    private static final String ISSUE = """
            INSERT INTO token (id, account_id, type, actor_id, provider_id, expires_at, attempts_left)
            VALUES (?, ?, 'email', ?, ?, now() + ? * interval '1 second', ?)
            """;

    private static final String ATTEMPT = """
            UPDATE token SET attempts_left = attempts_left - 1
            WHERE account_id = ? AND id = ? AND type = 'email' AND attempts_left > 0
            """;

    /**
     * Who asks.
     *
     * @param browser as it names itself
     * @param address where it is; null if that is not known
     */
    public record Asker(@Nullable String browser, @Nullable String address) {}

    private final Transactions transactions;
    private final TokenSecrets secrets;
    private final WebAddress web;
    private final Postbox postbox;
    private final MailSettings settings;
    private final SecureRandom random = new SecureRandom();

    @Inject
    EmailCodes(Transactions transactions, TokenKey key, WebAddress web, Postbox postbox, MailSettings settings) {
        this.transactions = transactions;
        this.secrets = new TokenSecrets(key);
        this.web = web;
        this.postbox = postbox;
        this.settings = settings;
    }

    /** Whether there is a mail server. */
    public boolean areOn() {
        return settings.from().isPresent();
    }

    /**
     * Sends a code, if somebody of the account has this address.
     *
     * @param account in which they want to sign in; nothing if there is none of the name that they gave
     * @param onward what else stands in the query of the mail's link
     * @return what the browser is to keep
     */
    public Secret send(Optional<Account> account, String email, Asker asker, String onward) {
        UUID tokenId = Ids.next();
        String fragment = secrets.fragment();
        account.ifPresent(of ->
                Thread.ofVirtual().name("email-code").start(() -> send(of, tokenId, fragment, email, asker, onward)));
        return secrets.withoutNonce(TokenType.EMAIL, account.map(Account::id).orElseGet(Ids::next), tokenId, fragment);
    }

    private void send(Account account, UUID tokenId, String fragment, String email, Asker asker, String onward) {
        String code = code();
        try {
            transactions
                    .inAccount(account.id())
                    .call(transaction -> {
                        var known = transaction.first(
                                WHO,
                                row -> new Known(row.id("id"), row.text("email"), row.id("provider_id")),
                                account.id(),
                                email);
                        known.ifPresent(to -> {
                            transaction.update(
                                    ISSUE,
                                    tokenId,
                                    account.id(),
                                    to.actorId(),
                                    to.providerId(),
                                    LIFE.toSeconds(),
                                    ATTEMPTS);
                            secrets.insert(transaction, account.id(), tokenId, code, fragment);
                        });
                        return known;
                    })
                    .ifPresent(to -> postbox.send(Mail.withText(
                            to.email(), "Sign in to " + account.name(), text(account, code, asker, onward))));
        } catch (MailException e) {
            LOG.warnf("the code of token %s was not sent: %s", tokenId, e.getMessage());
            LOG.debugf(e, "token %s", tokenId);
        }
    }

    /**
     * Counts an attempt at a code, before it is held against anything: of many at once, no more count than there may be.
     *
     * @param kept by the browser
     * @return whether it may be tried
     */
    boolean attempt(String kept) {
        return secrets.claims(TokenType.EMAIL, kept)
                .map(claims -> transactions
                        .inAccount(claims.accountId())
                        .call(transaction -> transaction.update(ATTEMPT, claims.accountId(), claims.tokenId()) == 1))
                .orElse(false);
    }

    private String text(Account account, String code, Asker asker, String onward) {
        return String.format(
                Locale.ROOT,
                """
                Your code: %s

                Type it where you asked for it, or open this link in the same browser:
                %s

                It is good once, for %d minutes. %s%s asked for it. If that was not you, leave it alone: without that browser
                the code opens nothing.
                """,
                code,
                web.of("/" + account.slug() + "/sign_in/email?code=" + code + onward),
                LIFE.toMinutes(),
                Browser.family(asker.browser()),
                asker.address() == null ? "" : " at " + asker.address());
    }

    private String code() {
        var code = new StringBuilder(LENGTH);
        for (int n = 0; n < LENGTH; n++) {
            code.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return code.toString();
    }
}
