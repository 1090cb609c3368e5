package dev.sluice.functions.auth;

import dev.sluice.channel.Secret;
import dev.sluice.functions.sql.Acting;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * People at a browser: links that sign them in, and what they are signed in by. Both are tokens: whoever deletes one, or
 * deletes or disables the actor, ends it at once.
 */
@ApplicationScoped
public class Sessions {
    /** How long somebody stays signed in. */
    public static final Duration LIFE = Duration.ofHours(10);

    /** How long a link is good. */
    public static final Duration LINK_LIFE = Duration.ofHours(1);

    /** @param slug the account's */
    public record Link(String slug, Secret text, Instant expiresAt) {}

    /**
     * Whom a link or a code signs in.
     *
     * @param tokenId of the link or the code
     * @param admin whether they may enter the console
     */
    public record Invitation(UUID accountId, UUID actorId, UUID tokenId, String name, boolean admin) {}

    private record Admin(UUID id, String slug) {}

    private static final String ADMINS = """
            SELECT a.id, account.slug FROM actor a JOIN account ON account.id = a.account_id
            WHERE a.account_id = ? AND a.type = 'admin' AND a.disabled_at IS NULL
              AND (?::text IS NULL OR a.id = ?::uuid OR a.email = ? OR a.name = ?)
            ORDER BY a.inserted_at, a.id LIMIT 2
            """;

    private static final String PERSON = """
            SELECT name, type = 'admin' AS admin FROM actor
            WHERE account_id = ? AND id = ? AND type IN ('user', 'admin') AND disabled_at IS NULL
            """;

    private final Transactions transactions;
    private final TokenService tokens;
    private final EmailCodes codes;

    @Inject
    public Sessions(Transactions transactions, TokenService tokens, EmailCodes codes) {
        this.transactions = transactions;
        this.tokens = tokens;
        this.codes = codes;
    }

    /**
     * Makes a link for an admin.
     *
     * @param called their id, e-mail address or name
     * @throws RequestException when there is none, or several are called so
     */
    public Link invite(UUID accountId, String called) {
        return transactions.inAccount(accountId).call(transaction -> {
            var admins = admins(transaction, accountId, called);
            if (admins.isEmpty()) {
                throw RequestException.argument("actor", "There is no admin '" + called + "' who could sign in.");
            }
            if (admins.size() > 1) {
                throw RequestException.argument("actor", "Several admins are called so: name one by e-mail or id.");
            }
            return invite(transaction, accountId, admins.getFirst());
        });
    }

    /** Makes a link for the first of an account's admins, if there is one. */
    public Optional<Link> inviteFirst(UUID accountId) {
        return transactions
                .inAccount(accountId)
                .call(transaction -> admins(transaction, accountId, null).stream()
                        .findFirst()
                        .map(admin -> invite(transaction, accountId, admin)));
    }

    private static List<Admin> admins(Transaction transaction, UUID accountId, @Nullable String called) {
        return transaction.list(
                ADMINS,
                row -> new Admin(row.id("id"), row.text("slug")),
                accountId,
                called,
                called == null ? null : Ids.parse(called),
                called,
                called);
    }

    private Link invite(Transaction transaction, UUID accountId, Admin admin) {
        var issued = tokens.createForPerson(transaction, accountId, admin.id(), TokenType.SIGN_IN, null, LINK_LIFE);
        return new Link(
                admin.slug(),
                issued.text(),
                Objects.requireNonNull(issued.token().expiresAt()));
    }

    /** Whom a link would sign in now; nobody, if it was used, is over, or is none. */
    public Optional<Invitation> look(String link) {
        return authenticated(TokenType.SIGN_IN, link).flatMap(this::person).filter(Invitation::admin);
    }

    /**
     * Whom a code signs in; nobody, if it is wrong, was used, is over, or was tried too often. Counts as an attempt.
     *
     * @param kept by the browser that asked for it
     */
    public Optional<Invitation> tryCode(String code, String kept) {
        return codes.attempt(kept)
                ? authenticated(TokenType.EMAIL, code.strip().toLowerCase(Locale.ROOT) + kept)
                        .flatMap(this::person)
                : Optional.empty();
    }

    private Optional<Invitation> person(Token token) {
        return transactions
                .inAccount(token.accountId())
                .glance(transaction -> transaction.first(
                        PERSON,
                        row -> new Invitation(
                                token.accountId(), actor(token), token.id(), row.text("name"), row.flag("admin")),
                        token.accountId(),
                        token.actorId()));
    }

    /**
     * Signs somebody in, and uses up the link or the code.
     *
     * @param acting by it
     * @return what proves them from now on; nothing, if it was used meanwhile
     */
    public Optional<Token.Issued> enter(Invitation invitation, @Nullable String userAgent, Acting acting) {
        return ScopedValue.where(Acting.CURRENT, acting)
                .call(() -> transactions
                        .inAccount(invitation.accountId())
                        .call(transaction -> tokens.spend(transaction, invitation.accountId(), invitation.tokenId())
                                ? Optional.of(tokens.createForPerson(
                                        transaction,
                                        invitation.accountId(),
                                        invitation.actorId(),
                                        TokenType.BROWSER,
                                        Browser.family(userAgent),
                                        LIFE))
                                : Optional.empty()));
    }

    /** Who shows this; nobody, if it has ended, or another browser shows it. */
    public Optional<BrowserSession> find(String text, @Nullable String userAgent) {
        return authenticated(TokenType.BROWSER, text)
                .filter(token -> Browser.family(userAgent).equals(token.name()))
                .flatMap(token -> person(token)
                        .filter(Invitation::admin)
                        .map(person -> new BrowserSession(
                                token.accountId(),
                                actor(token),
                                token.id(),
                                person.name(),
                                Objects.requireNonNull(token.expiresAt()))));
    }

    /** Signs somebody out. */
    public void end(BrowserSession session) {
        transactions
                .inAccount(session.accountId())
                .run(transaction -> tokens.spend(transaction, session.accountId(), session.tokenId()));
    }

    private Optional<Token> authenticated(TokenType type, String text) {
        return tokens.authenticate(type, text) instanceof Authentication.Accepted accepted
                ? Optional.of(accepted.token())
                : Optional.empty();
    }

    private static UUID actor(Token token) {
        return Objects.requireNonNull(token.actorId());
    }
}
