package dev.sluice.functions.auth;

import dev.sluice.channel.Secret;
import dev.sluice.functions.api.Principal;
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
import java.util.function.Function;
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
     * Somebody who has proved who they are.
     *
     * @param tokenId of the link or the code by which they did, to be used up
     * @param email null if they have none
     * @param admin whether they may enter the console
     */
    public record Person(
            UUID accountId,
            UUID actorId,
            UUID tokenId,
            String name,
            @Nullable String email,
            boolean admin) {
        /** As whom they go on. */
        public Principal principal() {
            return Principal.person(accountId, actorId, tokenId);
        }
    }

    private record Admin(UUID id, String slug) {}

    private static final String ADMINS = """
            SELECT a.id, account.slug FROM actor a JOIN account ON account.id = a.account_id
            WHERE a.account_id = ? AND a.type = 'admin' AND a.disabled_at IS NULL
              AND (?::text IS NULL OR a.id = ?::uuid OR a.email = ? OR a.name = ?)
            ORDER BY a.inserted_at, a.id LIMIT 2
            """;

    private static final String PERSON = """
            SELECT name, email, type = 'admin' AS admin FROM actor
            WHERE account_id = ? AND id = ? AND type IN ('user', 'admin') AND disabled_at IS NULL
            """;

    private final Transactions transactions;
    private final TokenService tokens;
    private final TokenVerifier verifier;
    private final EmailCodes codes;

    @Inject
    public Sessions(Transactions transactions, TokenService tokens, TokenVerifier verifier, EmailCodes codes) {
        this.transactions = transactions;
        this.tokens = tokens;
        this.verifier = verifier;
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
    public Optional<Person> look(String link) {
        return authenticated(TokenType.SIGN_IN, link).flatMap(this::person).filter(Person::admin);
    }

    /**
     * Whom a code signs in; nobody, if it is wrong, was used, is over, or was tried too often. Counts as an attempt.
     *
     * @param kept by the browser that asked for it
     */
    public Optional<Person> tryCode(String code, String kept) {
        return codes.attempt(kept)
                ? authenticated(TokenType.EMAIL, code.strip().toLowerCase(Locale.ROOT) + kept)
                        .flatMap(this::person)
                : Optional.empty();
    }

    private Optional<Person> person(Token token) {
        return transactions
                .inAccount(token.accountId())
                .glance(transaction -> transaction.first(
                        PERSON,
                        row -> new Person(
                                token.accountId(),
                                actor(token),
                                token.id(),
                                row.text("name"),
                                row.optionalText("email"),
                                row.flag("admin")),
                        token.accountId(),
                        token.actorId()));
    }

    /**
     * Signs somebody in, and uses up the link or the code.
     *
     * @param acting by it
     * @return what proves them from now on; nothing, if it was used meanwhile
     */
    public Optional<Token.Issued> enter(Person person, @Nullable String userAgent, Acting acting) {
        return spending(
                person,
                acting,
                transaction -> tokens.createForPerson(
                        transaction,
                        person.accountId(),
                        person.actorId(),
                        TokenType.BROWSER,
                        Browser.family(userAgent),
                        LIFE));
    }

    /**
     * Signs a client in that has opened the browser, and uses up the link or the code.
     *
     * @param nonce which the client keeps
     * @return what proves it together with that; nothing, if the link or the code was used meanwhile
     */
    public Optional<Token.Issued> enterClient(Person person, @Nullable String userAgent, String nonce, Acting acting) {
        return spending(
                person,
                acting,
                transaction -> clientToken(transaction, person.accountId(), person.actorId(), userAgent, nonce));
    }

    /** The same, where they are signed in with the browser already, and stay so. */
    public Token.Issued enterClient(BrowserSession session, @Nullable String userAgent, String nonce) {
        return transactions
                .inAccount(session.accountId())
                .call(transaction ->
                        clientToken(transaction, session.accountId(), session.actorId(), userAgent, nonce));
    }

    private Token.Issued clientToken(
            Transaction transaction, UUID accountId, UUID actorId, @Nullable String userAgent, String nonce) {
        return tokens.createForClient(
                transaction, accountId, actorId, "Signed in with " + Browser.family(userAgent), nonce);
    }

    /** Uses up the link or the code of somebody who may not go on by it. */
    public void refuse(Person person, Acting acting) {
        spending(person, acting, transaction -> person);
    }

    private <T> Optional<T> spending(Person person, Acting acting, Function<Transaction, T> entering) {
        return ScopedValue.where(Acting.CURRENT, acting)
                .call(() -> transactions
                        .inAccount(person.accountId())
                        .call(transaction -> tokens.spend(transaction, person.accountId(), person.tokenId())
                                ? Optional.of(entering.apply(transaction))
                                : Optional.empty()));
    }

    /** Who shows this; nobody, if it has ended, or another browser shows it. */
    public Optional<BrowserSession> find(String text, @Nullable String userAgent) {
        return authenticated(TokenType.BROWSER, text)
                .filter(token -> Browser.family(userAgent).equals(token.name()))
                .flatMap(token -> person(token)
                        .map(person -> new BrowserSession(
                                token.accountId(),
                                actor(token),
                                token.id(),
                                person.name(),
                                person.admin(),
                                Objects.requireNonNull(token.expiresAt()))));
    }

    /** Signs somebody out. */
    public void end(BrowserSession session) {
        tokens.end(session.accountId(), session.tokenId());
    }

    private Optional<Token> authenticated(TokenType type, String text) {
        return verifier.authenticate(type, text) instanceof Authentication.Accepted accepted
                ? Optional.of(accepted.token())
                : Optional.empty();
    }

    private static UUID actor(Token token) {
        return Objects.requireNonNull(token.actorId());
    }
}
