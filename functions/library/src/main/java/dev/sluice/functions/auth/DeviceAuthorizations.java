package dev.sluice.functions.auth;

import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Signing in devices that have no browser (RFC 8628): one asks, shows its code, and is given a token once somebody who is
 * signed in elsewhere has typed that and granted it. Of the codes there are hashes here alone.
 */
@ApplicationScoped
public class DeviceAuthorizations {
    /** How long a code is good. */
    public static final Duration LIFE = Duration.ofMinutes(10);

    /** How long a device waits before it asks again; by so much longer, each time that it does not. */
    public static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Whoever asks after one that is over is told so for as long. */
    private static final Duration KEPT = Duration.ofHours(1);

    private static final int DEVICE_CODE_BYTES = 32;

    /**
     * What a device says of itself.
     *
     * @param address where it is; null if that is not known
     */
    public record Device(String name, @Nullable String address) {}

    /** @param deviceCode which the device keeps for itself */
    public record Begun(String deviceCode, String userCode) {}

    /** A device that waits for somebody's word. */
    public record Waiting(UUID id, Device device, Instant askedAt) {}

    /** What a device is told that asks whether it was granted. */
    public sealed interface Answer {
        /** @param slug of the account, and so is its name */
        record Granted(Token.Issued token, String actor, String slug, String account) implements Answer {}

        /** Nobody has said anything yet. */
        record Pending() implements Answer {}

        /** It asks too often. */
        record SlowDown() implements Answer {}

        record Denied() implements Answer {}

        /** It is over, was taken already, or there is none such. */
        record Expired() implements Answer {}
    }

    private record Kept(
            UUID id,
            boolean tooSoon,
            boolean denied,
            @Nullable UUID account,
            @Nullable UUID token) {}

    private static final String BEGIN = """
            INSERT INTO device_authorization (id, device_hash, user_hash, device_name, address, expires_at, poll_seconds)
            VALUES (?, ?, ?, ?, ?, now() + ? * interval '1 second', ?) ON CONFLICT (user_hash) DO NOTHING
            """;

    private static final String FORGET =
            "DELETE FROM device_authorization WHERE expires_at < now() - ? * interval '1 second'";

    private static final String WAITING = """
            SELECT id, device_name, address, asked_at FROM device_authorization
            WHERE user_hash = ? AND expires_at > now() AND denied_at IS NULL AND token_id IS NULL
            """;

    private static final String GRANT = """
            UPDATE device_authorization SET granted_account = ?, token_id = ?
            WHERE id = ? AND expires_at > now() AND denied_at IS NULL AND token_id IS NULL
            """;

    private static final String DENY = """
            UPDATE device_authorization SET denied_at = now() WHERE id = ? AND denied_at IS NULL AND token_id IS NULL
            """;

    private static final String ASKED = """
            SELECT id, coalesce(polled_at > now() - poll_seconds * interval '1 second', false) AS too_soon,
                   denied_at IS NOT NULL AS denied, granted_account, token_id
            FROM device_authorization WHERE device_hash = ? AND expires_at > now() FOR UPDATE
            """;

    private static final String POLLED = """
            UPDATE device_authorization SET polled_at = now(), poll_seconds = poll_seconds + ? WHERE id = ?
            """;

    /** Of several who ask at once, one gets it. */
    private static final String TAKEN = "DELETE FROM device_authorization WHERE id = ?";

    private static final String WHO = """
            SELECT a.name, account.slug, account.name AS account
            FROM token t JOIN actor a ON a.account_id = t.account_id AND a.id = t.actor_id
            JOIN account ON account.id = t.account_id
            WHERE t.account_id = ? AND t.id = ?
            """;

    private final Transactions transactions;
    private final TokenService tokens;
    private final PersonTokens people;
    private final KeyedHash deviceHash;
    private final KeyedHash userHash;
    private final SecureRandom random = new SecureRandom();

    @Inject
    DeviceAuthorizations(Transactions transactions, TokenService tokens, PersonTokens people, TokenKey key) {
        this.transactions = transactions;
        this.tokens = tokens;
        this.people = people;
        this.deviceHash = new KeyedHash(key, "device_code");
        this.userHash = new KeyedHash(key, "user_code");
    }

    /** Has a device wait for somebody's word. */
    public Begun begin(Device device) {
        byte[] bytes = new byte[DEVICE_CODE_BYTES];
        random.nextBytes(bytes);
        String deviceCode = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return transactions.ofPortal().call(transaction -> {
            transaction.update(FORGET, KEPT.toSeconds());
            String userCode;
            do {
                userCode = UserCode.random(random);
            } while (transaction.update(
                            BEGIN,
                            Ids.next(),
                            deviceHash.of(deviceCode),
                            hash(userCode),
                            device.name(),
                            device.address(),
                            LIFE.toSeconds(),
                            INTERVAL.toSeconds())
                    == 0);
            return new Begun(deviceCode, userCode);
        });
    }

    /** The device that shows this code, if it still waits. */
    public Optional<Waiting> find(String userCode) {
        return transactions
                .ofPortal()
                .glance(transaction -> transaction.first(WAITING, DeviceAuthorizations::waiting, hash(userCode)));
    }

    /**
     * Grants a device to be somebody's client.
     *
     * @throws RequestException when somebody has said something already, or it is over
     */
    public void grant(Person person, Waiting waiting) {
        transactions.inAccount(person.accountId()).run(transaction -> {
            Token token = people.register(transaction, person, waiting.device().name());
            if (transaction.update(GRANT, person.accountId(), token.id(), waiting.id()) == 0) {
                throw RequestException.conflict(
                        "The code was used already, or is over: ask for another on the device.");
            }
        });
    }

    /** Has a device not be signed in. */
    public void deny(Waiting waiting) {
        transactions.ofPortal().run(transaction -> transaction.update(DENY, waiting.id()));
    }

    /** What has become of it. */
    public Answer ask(String deviceCode) {
        String hash = deviceHash.of(deviceCode);
        var kept = transactions.ofPortal().call(transaction -> {
            var asked = transaction.first(
                    ASKED,
                    row -> new Kept(
                            row.id("id"),
                            row.flag("too_soon"),
                            row.flag("denied"),
                            row.optionalId("granted_account"),
                            row.optionalId("token_id")),
                    hash);
            asked.ifPresent(of -> transaction.update(POLLED, of.tooSoon() ? INTERVAL.toSeconds() : 0, of.id()));
            return asked;
        });
        if (kept.isEmpty()) {
            return new Answer.Expired();
        }
        if (kept.get().tooSoon()) {
            return new Answer.SlowDown();
        }
        if (kept.get().denied()) {
            return new Answer.Denied();
        }
        UUID account = kept.get().account();
        UUID token = kept.get().token();
        return account == null || token == null
                ? new Answer.Pending()
                : transactions
                        .inAccount(account)
                        .call(transaction -> take(transaction, kept.get().id(), account, token));
    }

    private Answer take(Transaction transaction, UUID id, UUID account, UUID token) {
        if (transaction.update(TAKEN, id) == 0) {
            return new Answer.Expired();
        }
        // An admin may have withdrawn it meanwhile.
        return transaction
                .<Answer>first(
                        WHO,
                        row -> new Answer.Granted(
                                tokens.addSecret(transaction, account, token),
                                row.text("name"),
                                row.text("slug"),
                                row.text("account")),
                        account,
                        token)
                .orElseGet(Answer.Denied::new);
    }

    private String hash(String userCode) {
        return userHash.of(UserCode.plain(userCode));
    }

    private static Waiting waiting(Row row) {
        return new Waiting(
                row.id("id"),
                new Device(row.text("device_name"), row.optionalText("address")),
                row.instant("asked_at"));
    }
}
