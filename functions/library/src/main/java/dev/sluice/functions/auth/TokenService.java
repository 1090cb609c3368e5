package dev.sluice.functions.auth;

import dev.sluice.functions.entity.Listing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.plan.Feature;
import dev.sluice.functions.plan.Plans;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Issues, lists and deletes tokens. Deleting one ends all access by it and closes its devices' sockets.
 *
 * <p>It is there from the start on: its key is kept in the database, and is not to be looked for within a transaction.
 */
@Startup
@ApplicationScoped
public class TokenService {
    private static final String COLUMNS = """
            t.id, t.account_id, t.type, t.name, t.actor_id, t.site_id, t.directory_id, t.provider_id, t.expires_at,
            coalesce(a.name, s.name, d.name) AS owner,
            (SELECT max(secret.last_seen_at) FROM token_secret secret
             WHERE secret.account_id = t.account_id AND secret.token_id = t.id) AS last_seen_at
            """;

    private static final String FROM = """
            token t LEFT JOIN actor a ON a.account_id = t.account_id AND a.id = t.actor_id
            LEFT JOIN site s ON s.account_id = t.account_id AND s.id = t.site_id
            LEFT JOIN directory d ON d.account_id = t.account_id AND d.id = t.directory_id
            """;

    private static final String ONE = "SELECT " + COLUMNS + " FROM " + FROM + " WHERE t.account_id = ? AND t.id = ?";

    private static final String OF_PROGRAMS = "t.type NOT IN ('browser', 'sign_in', 'email')";

    /** Of a token that has to end, where nobody says when. */
    static final Duration USUAL_LIFE = Duration.ofDays(7);

    private final Transactions transactions;
    private final TokenSecrets secrets;

    @Inject
    public TokenService(Transactions transactions, TokenKey key) {
        this.transactions = transactions;
        this.secrets = new TokenSecrets(key);
    }

    /**
     * Issues a token for the devices of an actor, or for the requests of an API client.
     *
     * @throws RequestException when the actor does not exist or the expiry lies in the past
     */
    public Token.Issued createForActor(UUID accountId, UUID actorId, @Nullable String name, Instant expiresAt) {
        return transactions
                .inAccount(accountId)
                .call(transaction -> create(transaction, accountId, TokenOwner.ACTOR, actorId, name, expiresAt));
    }

    /**
     * Issues a token for gateways of a site.
     *
     * @param expiresAt null for never
     * @throws RequestException when the site does not exist or the expiry lies in the past
     */
    public Token.Issued createForSite(UUID accountId, UUID siteId, @Nullable String name, @Nullable Instant expiresAt) {
        return transactions
                .inAccount(accountId)
                .call(transaction -> create(transaction, accountId, TokenOwner.SITE, siteId, name, expiresAt));
    }

    /**
     * Issues a token by which a directory calls.
     *
     * @param expiresAt null for never
     * @throws RequestException when the directory does not exist or the expiry lies in the past
     */
    public Token.Issued createForDirectory(
            UUID accountId, UUID directoryId, @Nullable String name, @Nullable Instant expiresAt) {
        return transactions
                .inAccount(accountId)
                .call(transaction ->
                        create(transaction, accountId, TokenOwner.DIRECTORY, directoryId, name, expiresAt));
    }

    /**
     * Issues a token.
     *
     * @param expiresAt null for never, or for {@link #USUAL_LIFE} where it has to end
     * @throws RequestException when its owner does not exist or the expiry lies in the past
     */
    Token.Issued create(
            Transaction transaction,
            UUID accountId,
            TokenOwner owner,
            UUID ownerId,
            @Nullable String name,
            @Nullable Instant expiresAt) {
        TokenType type = typeFor(transaction, accountId, owner, ownerId);
        if (type == TokenType.API_CLIENT) {
            Plans.require(transaction, accountId, Feature.REST_API);
        }
        Instant now = transaction.now();
        Instant ends = expiresAt == null && owner == TokenOwner.ACTOR ? now.plus(USUAL_LIFE) : expiresAt;
        if (ends != null && !ends.isAfter(now)) {
            throw RequestException.argument("expires_at", "A token's expiry must lie in the future.");
        }
        return secrets.issue(
                        transaction,
                        insert(
                                transaction,
                                new Token(
                                        Ids.next(),
                                        accountId,
                                        type,
                                        name,
                                        owner == TokenOwner.ACTOR ? ownerId : null,
                                        owner == TokenOwner.SITE ? ownerId : null,
                                        owner == TokenOwner.DIRECTORY ? ownerId : null,
                                        null,
                                        kept(ends),
                                        null)))
                .orElseThrow();
    }

    /** What the database can hold, cut and not rounded: a token never lasts longer than was asked for. */
    static @Nullable Instant kept(@Nullable Instant ends) {
        return ends == null ? null : ends.truncatedTo(ChronoUnit.MICROS);
    }

    private static TokenType typeFor(Transaction transaction, UUID accountId, TokenOwner owner, UUID ownerId) {
        var type = switch (owner) {
            case SITE -> "'gateway'";
            case ACTOR -> "CASE type WHEN 'api_client' THEN type ELSE 'client' END";
            case DIRECTORY -> "'directory'";
        };
        return transaction
                .first(
                        "SELECT " + type + " AS token_type FROM " + owner.table() + " WHERE account_id = ? AND id = ?",
                        row -> TokenType.of(row.text("token_type")),
                        accountId,
                        ownerId)
                .orElseThrow(() -> RequestException.notFound("There is no " + owner.table() + " " + ownerId + "."));
    }

    /**
     * A page of what belongs to a site or an actor, but for what a person is signed in by.
     *
     * @throws RequestException when there is no such owner
     */
    public Page<TokenView> page(UUID accountId, TokenOwner owner, UUID ownerId, PageRequest request) {
        return transactions.inAccount(accountId).search(transaction -> {
            typeFor(transaction, accountId, owner, ownerId);
            return listing(accountId)
                    .with("t." + owner.column(), ownerId)
                    .where(OF_PROGRAMS)
                    .page(transaction, request, TokenService::view, TokenView::id);
        });
    }

    /**
     * A page of all tokens.
     *
     * @param called their whole name; null for all
     */
    public Page<TokenView> page(UUID accountId, @Nullable String called, PageRequest request) {
        return transactions
                .inAccount(accountId)
                .search(transaction -> listing(accountId)
                        .called(called, "t.name")
                        .page(transaction, request, TokenService::view, TokenView::id));
    }

    private static Listing listing(UUID accountId) {
        return new Listing(COLUMNS, FROM, "t.id").where("t.account_id = ?", accountId);
    }

    /** @throws RequestException when there is none */
    TokenView get(UUID accountId, UUID tokenId) {
        return transactions.inAccount(accountId).call(transaction -> view(transaction, accountId, tokenId));
    }

    /**
     * Deletes one of a site's or an actor's.
     *
     * @throws RequestException when there is no such owner, or it has no such token
     */
    public TokenView delete(UUID accountId, TokenOwner owner, UUID ownerId, UUID tokenId) {
        return transactions.inAccount(accountId).call(transaction -> {
            var token = view(transaction, accountId, tokenId);
            var of = switch (owner) {
                case SITE -> token.gatewayGroupId();
                case ACTOR -> token.actorId();
                case DIRECTORY -> token.directoryId();
            };
            if (!ownerId.equals(of)) {
                throw missing(tokenId);
            }
            return delete(transaction, token, accountId);
        });
    }

    /**
     * Deletes all of a site's or an actor's, also those by which a person is signed in with a browser.
     *
     * @return how many there were
     * @throws RequestException when there is no such owner
     */
    int deleteAll(UUID accountId, TokenOwner owner, UUID ownerId) {
        return transactions.inAccount(accountId).call(transaction -> {
            typeFor(transaction, accountId, owner, ownerId);
            Turns.take(transaction, accountId);
            return transaction.update(
                    "DELETE FROM token t WHERE t.account_id = ? AND t." + owner.column() + " = ?", accountId, ownerId);
        });
    }

    /**
     * Deletes a token.
     *
     * @throws RequestException when there is none
     */
    public TokenView delete(UUID accountId, UUID tokenId) {
        return transactions
                .inAccount(accountId)
                .call(transaction -> delete(transaction, view(transaction, accountId, tokenId), accountId));
    }

    private static TokenView delete(Transaction transaction, TokenView token, UUID accountId) {
        Turns.take(transaction, accountId);
        transaction.update("DELETE FROM token WHERE account_id = ? AND id = ?", accountId, token.id());
        return token;
    }

    /**
     * Gives a token another secret, beside the one that it has: nothing ends by that. Once all devices have the new one, the
     * old one is withdrawn.
     *
     * @throws RequestException when there is no such token, or it has two
     */
    public Token.Issued addSecret(Transaction transaction, UUID accountId, UUID tokenId) {
        return secrets.issue(transaction, find(transaction, accountId, tokenId))
                .orElseThrow(() -> RequestException.conflict(
                        "The token has " + TokenSecrets.MOST + " secrets already: withdraw one first."));
    }

    /**
     * The secrets of a token, the oldest first.
     *
     * @throws RequestException when there is no such token
     */
    public List<TokenSecret> secrets(UUID accountId, UUID tokenId) {
        return transactions.inAccount(accountId).call(transaction -> {
            var token = find(transaction, accountId, tokenId);
            return secrets.list(transaction, accountId, token.id());
        });
    }

    /**
     * Withdraws one of a token's two secrets: every device that signed in with it is signed out, and its access ends.
     *
     * @throws RequestException when the token has no such secret, or no other
     */
    public TokenSecret withdrawSecret(UUID accountId, UUID tokenId, UUID secretId) {
        return transactions.inAccount(accountId).call(transaction -> {
            Turns.take(transaction, accountId);
            var there = secrets.list(
                    transaction,
                    accountId,
                    find(transaction, accountId, tokenId).id());
            var withdrawn = there.stream()
                    .filter(secret -> secret.id().equals(secretId))
                    .findFirst()
                    .orElseThrow(() -> RequestException.notFound("The token has no secret " + secretId + "."));
            if (there.size() == 1) {
                throw RequestException.conflict(
                        "It is the token's only secret: add another first, or delete the token.");
            }
            transaction.update("DELETE FROM token_secret WHERE account_id = ? AND id = ?", accountId, secretId);
            return withdrawn;
        });
    }

    /** Keeps a token of a known secret, unless it is there already: how the static seeds make theirs. */
    public void keep(
            Transaction transaction,
            UUID accountId,
            UUID tokenId,
            TokenType type,
            @Nullable UUID actorId,
            @Nullable UUID siteId,
            String secret,
            String salt,
            @Nullable Instant expiresAt) {
        var token = new Token(tokenId, accountId, type, "seed", actorId, siteId, null, null, expiresAt, null);
        if (isNew(transaction, token)) {
            secrets.insert(transaction, token, secret, salt);
        }
    }

    /** Keeps a new one, which nothing proves yet. */
    static Token insert(Transaction transaction, Token token) {
        isNew(transaction, token);
        return token;
    }

    /** Inserts it; false if it is there already. */
    private static boolean isNew(Transaction transaction, Token token) {
        return transaction.update(
                        """
                        INSERT INTO token (id, account_id, type, name, actor_id, site_id, directory_id, provider_id, expires_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
                        """,
                        token.id(),
                        token.accountId(),
                        token.type().word(),
                        token.name(),
                        token.actorId(),
                        token.siteId(),
                        token.directoryId(),
                        token.providerId(),
                        token.expiresAt())
                == 1;
    }

    private static Token find(Transaction transaction, UUID accountId, UUID tokenId) {
        return transaction.first(ONE, TokenService::read, accountId, tokenId).orElseThrow(() -> missing(tokenId));
    }

    private static TokenView view(Transaction transaction, UUID accountId, UUID tokenId) {
        return transaction.first(ONE, TokenService::view, accountId, tokenId).orElseThrow(() -> missing(tokenId));
    }

    private static TokenView view(Row row) {
        return TokenView.of(read(row), row.text("owner"));
    }

    private static RequestException missing(UUID tokenId) {
        return RequestException.notFound("There is no token " + tokenId + ".");
    }

    static Token read(Row row) {
        return new Token(
                row.id("id"),
                row.id("account_id"),
                TokenType.of(row.text("type")),
                row.optionalText("name"),
                row.optionalId("actor_id"),
                row.optionalId("site_id"),
                row.optionalId("directory_id"),
                row.optionalId("provider_id"),
                row.optionalInstant("expires_at"),
                row.optionalInstant("last_seen_at"));
    }
}
