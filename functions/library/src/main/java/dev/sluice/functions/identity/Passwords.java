package dev.sluice.functions.identity;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import dev.sluice.functions.api.TokenBuckets;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Passwords, kept as Argon2id (RFC 9106). Whoever tries one learns nothing of whether there is such a person: of nobody's, as
 * much is computed.
 */
@ApplicationScoped
public class Passwords {
    /** NIST SP 800-63B, section 3.1.1.2, asks for so much of one that stands alone. */
    public static final int SHORTEST = 15;

    /** As long as it takes to say no more than that it is long. */
    public static final int LONGEST = 128;

    /** 19 MiB, two passes, one lane: what OWASP asks for at the least. */
    private static final Argon2Function ARGON2 = Argon2Function.getInstance(19 * 1024, 2, 1, 32, Argon2.ID);

    private static final int TRIES = 10;
    private static final Duration TRIES_WITHIN = Duration.ofMinutes(15);

    private record Kept(UUID actorId, UUID providerId, String hash) {}

    private static final String KEPT = """
            SELECT i.actor_id, i.provider_id, i.password_hash FROM actor a
            JOIN identity i ON i.account_id = a.account_id AND i.actor_id = a.id AND i.password_hash IS NOT NULL
            JOIN identity_provider p ON p.account_id = i.account_id AND p.id = i.provider_id AND p.disabled_at IS NULL
            WHERE a.account_id = ? AND lower(a.email) = lower(?) AND a.type IN ('user', 'admin') AND a.disabled_at IS NULL
            ORDER BY a.inserted_at, a.id LIMIT 1
            """;

    private static final String SEEN =
            "UPDATE identity SET last_seen_at = now() WHERE account_id = ? AND provider_id = ? AND actor_id = ?";

    private static final String PROVIDER =
            "SELECT id FROM identity_provider WHERE account_id = ? AND type = 'password'";

    private static final String SET = """
            INSERT INTO identity (id, account_id, provider_id, actor_id, subject, password_hash) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (account_id, provider_id, actor_id) DO UPDATE SET password_hash = EXCLUDED.password_hash
            """;

    /** Whoever knew the old one is out. */
    private final Transactions transactions;

    private final String nobodys;

    /** Of tries, for each person that somebody says to be. */
    private final TokenBuckets<String> tries =
            new TokenBuckets<>(TRIES, (double) TRIES / TRIES_WITHIN.toSeconds(), System::nanoTime);

    @Inject
    Passwords(Transactions transactions) {
        this.transactions = transactions;
        this.nobodys = hash("nobody's password");
    }

    /** Whose this is; nobody's, if there is no such person, it is wrong, or too many were tried. */
    public Optional<Known> check(UUID accountId, String email, String password) {
        if (!tries.take(accountId + " " + email.toLowerCase(Locale.ROOT)).isZero() || password.length() > LONGEST) {
            return Optional.empty();
        }
        var kept = transactions
                .inAccount(accountId)
                .glance(transaction -> transaction.first(
                        KEPT,
                        row -> new Kept(row.id("actor_id"), row.id("provider_id"), row.text("password_hash")),
                        accountId,
                        email));
        boolean right =
                Password.check(password, kept.map(Kept::hash).orElse(nobodys)).with(ARGON2);
        if (!right || kept.isEmpty()) {
            return Optional.empty();
        }
        var known = new Known(accountId, kept.get().actorId(), kept.get().providerId());
        transactions
                .inAccount(accountId)
                .run(transaction -> transaction.update(SEEN, accountId, known.providerId(), known.actorId()));
        return Optional.of(known);
    }

    /**
     * Gives somebody a password, in place of the one that they had, and signs out whoever signed in by that.
     *
     * @throws RequestException when it is none, or the account has no sign-in by password
     */
    public void set(UUID accountId, UUID actorId, @Nullable String password) {
        if (password == null || password.length() < SHORTEST || password.length() > LONGEST) {
            throw RequestException.argument(
                    "password", "A password has " + SHORTEST + " to " + LONGEST + " characters.");
        }
        String hash = hash(password);
        transactions.inAccount(accountId).run(transaction -> {
            Turns.take(transaction, accountId);
            UUID provider = transaction
                    .first(PROVIDER, row -> row.id("id"), accountId)
                    .orElseThrow(() -> RequestException.conflict(
                            "The account has no identity provider of type password: add one first."));
            boolean person = transaction
                    .first(
                            "SELECT FROM actor WHERE account_id = ? AND id = ? AND type IN ('user', 'admin')"
                                    + " AND email IS NOT NULL",
                            row -> true,
                            accountId,
                            actorId)
                    .isPresent();
            if (!person) {
                throw RequestException.argument(
                        "password", "Only a person with an e-mail address signs in by a password.");
            }
            transaction.update(SET, Ids.next(), accountId, provider, actorId, actorId.toString(), hash);
            IdentityService.signOut(transaction, accountId, actorId, provider);
        });
    }

    private static String hash(String password) {
        return Password.hash(password).addRandomSalt().with(ARGON2).getResult();
    }
}
