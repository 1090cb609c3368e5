package dev.sluice.functions.auth;

import dev.sluice.channel.Reason;
import dev.sluice.channel.Secret;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Issues, checks, lists and deletes tokens. Deleting one ends all access by it and closes its devices' sockets. */
@ApplicationScoped
public class TokenService {
    private static final int FRAGMENT_BYTES = 32;
    private static final int SALT_BYTES = 16;

    private static final String SELECT =
            "SELECT id, account_id, type, name, actor_id, site_id, expires_at, last_seen_at FROM token ";

    /** To the minute: thousands may sign in with the same token at once, and none of them is to wait for another. */
    private static final String SEEN = """
            UPDATE token SET last_seen_at = now() WHERE id = (
                SELECT id FROM token WHERE id = ? FOR NO KEY UPDATE SKIP LOCKED)
            """;

    private final Transactions transactions;
    private final TokenCodec codec;
    private final SecureRandom random = new SecureRandom();

    @Inject
    public TokenService(Transactions transactions, TokenKey key) {
        this.transactions = transactions;
        this.codec = new TokenCodec(key);
    }

    /**
     * Issues a token for devices of an actor.
     *
     * @throws RequestException when the actor does not exist or the expiry lies in the past
     */
    public Token.Issued createForActor(UUID accountId, UUID actorId, @Nullable String name, Instant expiresAt) {
        return transactions.call(transaction -> {
            require(transaction, "SELECT FROM actor WHERE account_id = ? AND id = ?", accountId, actorId, "actor");
            if (!expiresAt.isAfter(transaction.now())) {
                throw RequestException.invalid("A token's expiry must lie in the future.");
            }
            return create(transaction, accountId, TokenType.CLIENT, actorId, null, name, expiresAt);
        });
    }

    /**
     * Issues a token for gateways of a site.
     *
     * @param expiresAt null for never
     * @throws RequestException when the site does not exist or the expiry lies in the past
     */
    public Token.Issued createForSite(UUID accountId, UUID siteId, @Nullable String name, @Nullable Instant expiresAt) {
        return transactions.call(transaction -> {
            require(transaction, "SELECT FROM site WHERE account_id = ? AND id = ?", accountId, siteId, "site");
            if (expiresAt != null && !expiresAt.isAfter(transaction.now())) {
                throw RequestException.invalid("A token's expiry must lie in the future.");
            }
            return create(transaction, accountId, TokenType.GATEWAY, null, siteId, name, expiresAt);
        });
    }

    /**
     * Tokens, the oldest first.
     *
     * @param atMost so many of them; all if null
     */
    public List<Token> list(UUID accountId, @Nullable Integer atMost) {
        return transactions.call(transaction -> transaction.list(
                SELECT + "WHERE account_id = ? ORDER BY inserted_at, id LIMIT ?::bigint",
                TokenService::read,
                accountId,
                atMost));
    }

    /** The tokens of this id or name; some, if there are very many. */
    public List<Token> called(UUID accountId, String reference) {
        return transactions.call(transaction -> transaction.list(
                SELECT + "WHERE account_id = ? AND (id = ?::uuid OR name = ?) ORDER BY inserted_at, id LIMIT "
                        + Ids.SOME,
                TokenService::read,
                accountId,
                Ids.parse(reference),
                reference));
    }

    /** @throws RequestException when there is none */
    public void delete(UUID accountId, UUID tokenId) {
        int deleted = transactions.call(transaction -> {
            Turns.take(transaction, accountId);
            return transaction.update("DELETE FROM token WHERE account_id = ? AND id = ?", accountId, tokenId);
        });
        if (deleted == 0) {
            throw RequestException.notFound("There is no token " + tokenId + ".");
        }
    }

    /**
     * Deletes all tokens of an actor: every device that signed in with one is signed out, and its access ends.
     *
     * @return how many there were
     */
    public int deleteOf(UUID accountId, UUID actorId) {
        return transactions.call(transaction -> {
            Turns.take(transaction, accountId);
            return transaction.update("DELETE FROM token WHERE account_id = ? AND actor_id = ?", accountId, actorId);
        });
    }

    /** Whether this text is a token of this type that may be used now. */
    public Authentication authenticate(TokenType type, String text) {
        var claims = codec.decode(type, text);
        if (claims.isEmpty()) {
            return new Authentication.Refused(Reason.TOKEN_INVALID);
        }
        return transactions.glance(transaction -> authenticate(transaction, type, claims.get()));
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
        insert(
                transaction,
                new Token(tokenId, accountId, type, "seed", actorId, siteId, expiresAt, null),
                TokenCodec.hash("", secret, salt),
                salt);
    }

    private Authentication authenticate(Transaction transaction, TokenType type, TokenCodec.Claims claims) {
        record Known(
                Token token,
                String salt,
                String hash,
                boolean expired,
                boolean disabled,
                boolean actorDisabled,
                boolean seenLately) {}
        var known = transaction.first(
                """
                SELECT t.id, t.account_id, t.type, t.name, t.actor_id, t.site_id, t.expires_at, t.last_seen_at,
                       t.secret_salt, t.secret_hash, coalesce(t.expires_at <= now(), false) AS expired,
                       account.disabled_at IS NOT NULL AS account_disabled,
                       coalesce(actor.disabled_at IS NOT NULL, false) AS actor_disabled,
                       coalesce(t.last_seen_at > now() - interval '1 minute', false) AS seen_lately
                FROM token t
                JOIN account ON account.id = t.account_id
                LEFT JOIN actor ON actor.account_id = t.account_id AND actor.id = t.actor_id
                WHERE t.account_id = ? AND t.id = ? AND t.type = ?
                """,
                row -> new Known(
                        read(row),
                        row.text("secret_salt"),
                        row.text("secret_hash"),
                        row.flag("expired"),
                        row.flag("account_disabled"),
                        row.flag("actor_disabled"),
                        row.flag("seen_lately")),
                claims.accountId(),
                claims.tokenId(),
                type.word());
        if (known.isEmpty()) {
            return new Authentication.Refused(Reason.TOKEN_DELETED);
        }
        var row = known.get();
        if (!same(TokenCodec.hash(claims.nonce(), claims.fragment(), row.salt()), row.hash())) {
            return new Authentication.Refused(Reason.TOKEN_INVALID);
        }
        if (row.expired()) {
            return new Authentication.Refused(Reason.TOKEN_EXPIRED);
        }
        if (row.actorDisabled()) {
            return new Authentication.Refused(Reason.ACTOR_DISABLED);
        }
        if (row.disabled()) {
            return new Authentication.Refused(Reason.ACCOUNT_DISABLED);
        }
        if (!row.seenLately()) {
            transaction.update(SEEN, row.token().id());
        }
        return new Authentication.Accepted(row.token());
    }

    private Token.Issued create(
            Transaction transaction,
            UUID accountId,
            TokenType type,
            @Nullable UUID actorId,
            @Nullable UUID siteId,
            @Nullable String name,
            @Nullable Instant expiresAt) {
        var fragment = random(FRAGMENT_BYTES);
        var salt = random(SALT_BYTES);
        // What the database can hold, cut and not rounded: a token never lasts longer than was asked for.
        Instant ends = expiresAt == null ? null : expiresAt.truncatedTo(ChronoUnit.MICROS);
        var token = new Token(Ids.next(), accountId, type, name, actorId, siteId, ends, null);
        insert(transaction, token, TokenCodec.hash("", fragment, salt), salt);
        var text = codec.encode(
                type,
                new TokenCodec.Claims(accountId, token.id(), "", fragment),
                InstantSource.system().millis());
        return new Token.Issued(token, new Secret(text));
    }

    private static void insert(Transaction transaction, Token token, String hash, String salt) {
        transaction.update(
                """
                INSERT INTO token (id, account_id, type, name, actor_id, site_id, secret_salt, secret_hash, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
                """,
                token.id(),
                token.accountId(),
                token.type().word(),
                token.name(),
                token.actorId(),
                token.siteId(),
                salt,
                hash,
                token.expiresAt());
    }

    private static void require(Transaction transaction, String sql, UUID accountId, UUID id, String what) {
        if (transaction.first(sql, row -> true, accountId, id).isEmpty()) {
            throw RequestException.notFound("There is no " + what + " " + id + ".");
        }
    }

    private String random(int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    private static Token read(Row row) {
        return new Token(
                row.id("id"),
                row.id("account_id"),
                TokenType.of(row.text("type")),
                row.optionalText("name"),
                row.optionalId("actor_id"),
                row.optionalId("site_id"),
                row.optionalInstant("expires_at"),
                row.optionalInstant("last_seen_at"));
    }
}
