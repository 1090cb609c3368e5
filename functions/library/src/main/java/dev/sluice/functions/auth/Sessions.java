package dev.sluice.functions.auth;

import dev.sluice.channel.Secret;
import dev.sluice.functions.settings.WebAddress;
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
    public record Link(String slug, Secret text, Instant expiresAt) {
        /** What is opened. */
        public String url(WebAddress web) {
            return web.of("/" + slug + "/sign_in/link?token=" + text.value());
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
            SELECT a.name, a.email, a.type = 'admin' AS admin FROM actor a JOIN account ON account.id = a.account_id
            WHERE a.account_id = ? AND a.id = ? AND a.type IN ('user', 'admin') AND a.disabled_at IS NULL
              AND account.disabled_at IS NULL
            """;

    private final Transactions transactions;
    private final PersonTokens tokens;
    private final TokenVerifier verifier;
    private final EmailCodes codes;

    @Inject
    Sessions(Transactions transactions, PersonTokens tokens, TokenVerifier verifier, EmailCodes codes) {
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
        var issued = tokens.link(transaction, accountId, admin.id(), LINK_LIFE);
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

    /** Whoever has proved at a provider who they are; nobody, if they are disabled, or the account is. */
    public Optional<Person> known(UUID accountId, UUID actorId, UUID providerId) {
        return person(accountId, actorId, null, providerId);
    }

    private Optional<Person> person(Token token) {
        return person(token.accountId(), Objects.requireNonNull(token.actorId()), token.id(), token.providerId());
    }

    private Optional<Person> person(UUID accountId, UUID actorId, @Nullable UUID tokenId, @Nullable UUID providerId) {
        return transactions
                .inAccount(accountId)
                .glance(transaction -> transaction.first(
                        PERSON,
                        row -> new Person(
                                accountId,
                                actorId,
                                tokenId,
                                providerId,
                                row.text("name"),
                                row.optionalText("email"),
                                row.flag("admin")),
                        accountId,
                        actorId));
    }

    /**
     * Signs somebody in, and uses up the link or the code.
     *
     * @param acting by it
     * @return what proves them from now on; nothing, if it was used meanwhile
     */
    public Optional<Token.Issued> enter(Person person, @Nullable String userAgent, Acting acting) {
        return spending(
                person, acting, transaction -> tokens.session(transaction, person, Browser.family(userAgent), LIFE));
    }

    /**
     * Signs a client in that has opened the browser, and uses up the link or the code.
     *
     * @param nonce which the client keeps
     * @return what proves it together with that; nothing, if the link or the code was used meanwhile
     */
    public Optional<Token.Issued> enterClient(Person person, @Nullable String userAgent, String nonce, Acting acting) {
        return spending(person, acting, transaction -> clientToken(transaction, person, userAgent, nonce));
    }

    /** The same, where they are signed in with the browser already, and stay so. */
    public Token.Issued enterClient(BrowserSession session, @Nullable String userAgent, String nonce) {
        return transactions
                .inAccount(session.accountId())
                .call(transaction -> clientToken(transaction, session.person(), userAgent, nonce));
    }

    private Token.Issued clientToken(Transaction transaction, Person person, @Nullable String userAgent, String nonce) {
        return tokens.client(transaction, person, "Signed in with " + Browser.family(userAgent), nonce);
    }

    /** Uses up the link or the code of somebody who may not go on by it. */
    public void refuse(Person person, Acting acting) {
        spending(person, acting, transaction -> person);
    }

    private <T> Optional<T> spending(Person person, Acting acting, Function<Transaction, T> entering) {
        return ScopedValue.where(Acting.CURRENT, acting)
                .call(() -> transactions
                        .inAccount(person.accountId())
                        .call(transaction -> isGoodOnce(transaction, person)
                                ? Optional.of(entering.apply(transaction))
                                : Optional.empty()));
    }

    private static boolean isGoodOnce(Transaction transaction, Person person) {
        return person.tokenId() == null || PersonTokens.spend(transaction, person.accountId(), person.tokenId());
    }

    /** Who shows this; nobody, if it has ended, or another browser shows it. */
    public Optional<BrowserSession> find(String text, @Nullable String userAgent) {
        return authenticated(TokenType.BROWSER, text)
                .filter(token -> Browser.family(userAgent).equals(token.name()))
                .flatMap(token -> person(token)
                        .map(person ->
                                new BrowserSession(token.id(), person, Objects.requireNonNull(token.expiresAt()))));
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
}
