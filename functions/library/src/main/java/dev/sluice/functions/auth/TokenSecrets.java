package dev.sluice.functions.auth;

import dev.sluice.channel.Secret;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Pipeline;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The secrets of tokens: the rows, and the text that devices show. A token has one, or two while it is given a new one: the
 * old one goes on to be good until it is withdrawn.
 */
final class TokenSecrets {
    /** @param seenLately whether it was shown in the last minute */
    record Shown(UUID id, boolean seenLately) {}

    private record Kept(Shown shown, String salt, String hash) {
        static Kept read(Row row) {
            return new Kept(new Shown(row.id("id"), row.flag("seen_lately")), row.text("salt"), row.text("hash"));
        }

        boolean isOf(TokenCodec.Claims claims) {
            return MessageDigest.isEqual(ascii(TokenCodec.hash(claims.nonce(), claims.fragment(), salt)), ascii(hash));
        }

        private static byte[] ascii(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** How many a token may have. */
    static final int MOST = 2;

    private static final int FRAGMENT_BYTES = 32;
    private static final int SALT_BYTES = 16;

    private static final String INSERT = """
            INSERT INTO token_secret (id, account_id, token_id, place, salt, hash)
            SELECT ?, ?, ?, place, ?, ? FROM unnest('{1,2}'::smallint[]) AS place
            WHERE place NOT IN (SELECT place FROM token_secret WHERE token_id = ?) ORDER BY place LIMIT 1
            ON CONFLICT DO NOTHING
            """;

    /** To the minute: thousands may sign in with the same secret at once, and none of them is to wait for another. */
    private static final String SEEN = """
            UPDATE token_secret SET last_seen_at = now() WHERE id = (
                SELECT id FROM token_secret WHERE id = ? FOR NO KEY UPDATE SKIP LOCKED)
            """;

    private static final String KEPT = """
            SELECT id, salt, hash, coalesce(last_seen_at > now() - interval '1 minute', false) AS seen_lately
            FROM token_secret WHERE account_id = current_account() AND token_id = ?
            """;

    private final TokenCodec codec;
    private final SecureRandom random = new SecureRandom();

    TokenSecrets(TokenKey key) {
        this.codec = new TokenCodec(key);
    }

    /** Gives a token a secret, unless it has as many as it may have. */
    Optional<Token.Issued> issue(Transaction transaction, Token token) {
        return issue(transaction, token, "");
    }

    /** The same, good together with a nonce alone, which is not in its text. */
    Optional<Token.Issued> issue(Transaction transaction, Token token, String nonce) {
        var id = Ids.next();
        var fragment = fragment();
        String salt = random(SALT_BYTES);
        String hash = TokenCodec.hash(nonce, fragment, salt);
        return insert(transaction, id, token.accountId(), token.id(), salt, hash)
                ? Optional.of(new Token.Issued(
                        token, id, withoutNonce(token.type(), token.accountId(), token.id(), fragment)))
                : Optional.empty();
    }

    /**
     * Gives a token a secret that is known already.
     *
     * @return false if it has as many as it may have
     */
    boolean insert(Transaction transaction, Token token, String secret, String salt) {
        String hash = TokenCodec.hash("", secret, salt);
        return insert(transaction, Ids.next(), token.accountId(), token.id(), salt, hash);
    }

    private static boolean insert(
            Transaction transaction, UUID id, UUID accountId, UUID tokenId, String salt, String hash) {
        return transaction.update(INSERT, id, accountId, tokenId, salt, hash, tokenId) == 1;
    }

    /** The text of a token without its nonce: good together with that, once there is such a token. */
    Secret withoutNonce(TokenType type, UUID accountId, UUID tokenId, String fragment) {
        var claims = new TokenCodec.Claims(accountId, tokenId, "", fragment);
        return new Secret(codec.encode(type, claims, InstantSource.system().millis()));
    }

    /** Gives a new token a secret that has a nonce. */
    void insert(Transaction transaction, UUID accountId, UUID tokenId, String nonce, String fragment) {
        String salt = random(SALT_BYTES);
        insert(transaction, Ids.next(), accountId, tokenId, salt, TokenCodec.hash(nonce, fragment, salt));
    }

    /** As long as that of any token. */
    String fragment() {
        return random(FRAGMENT_BYTES);
    }

    /** Of what token a text is, if it is one of this type at all. */
    Optional<TokenCodec.Claims> claims(TokenType type, String text) {
        return codec.decode(type, text);
    }

    /** Which secret of its token a text has, if one of those that are good now, read when the pipeline is sent. */
    Supplier<Optional<Shown>> find(Pipeline pipeline, TokenCodec.Claims claims) {
        var kept = pipeline.list(KEPT, Kept::read, claims.tokenId());
        return () -> kept.get().stream()
                .filter(secret -> secret.isOf(claims))
                .map(Kept::shown)
                .findFirst();
    }

    /** Notes that a secret was shown. */
    void seen(Transaction transaction, Shown shown) {
        if (!shown.seenLately()) {
            transaction.update(SEEN, shown.id());
        }
    }

    /** The oldest first. */
    List<TokenSecret> list(Transaction transaction, UUID accountId, UUID tokenId) {
        return transaction.list("""
                SELECT id, inserted_at, last_seen_at FROM token_secret
                WHERE account_id = ? AND token_id = ? ORDER BY inserted_at, id
                """, TokenSecrets::read, accountId, tokenId);
    }

    private static TokenSecret read(Row row) {
        return new TokenSecret(row.id("id"), row.instant("inserted_at"), row.optionalInstant("last_seen_at"));
    }

    private String random(int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    }
}
