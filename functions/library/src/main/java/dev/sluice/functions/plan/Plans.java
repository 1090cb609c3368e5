package dev.sluice.functions.plan;

import dev.sluice.functions.sql.Pipeline;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Holds what is added against what the account may have. Whoever adds something that is limited is alone with that in the
 * account until the end of the transaction: two that count at the same time would both find the last place free.
 */
public final class Plans {
    /** What is too small, in what is answered. */
    private static final String PLAN = "plan";

    private static final String TOTAL = "SELECT (limits ->> ?)::bigint AS total FROM account WHERE id = ?";

    private static final String TURN = "pg_advisory_xact_lock(hashtextextended('limit ' || ?::text, 0))";

    private static final String ALONE = "SELECT " + TURN;

    /**
     * Who connects counts from then on for a month, and is not counted twice. Who would be one more is alone from here on:
     * before it locks the row of a device, as whoever adds people is before they lock any.
     */
    private static final String CONNECTING = """
            SELECT total, counted, CASE WHEN NOT counted THEN %s::text END AS alone
            FROM (
                SELECT plan.total, plan.total IS NULL OR EXISTS (
                    SELECT FROM actor a LEFT JOIN client c ON c.account_id = a.account_id AND c.actor_id = a.id
                        AND c.last_seen_at > now() - interval '1 month'
                    WHERE a.account_id = account.id AND a.id = ?
                      AND (c.id IS NOT NULL OR a.type NOT IN ('user', 'admin'))) AS counted
                FROM account CROSS JOIN LATERAL (SELECT (limits ->> ?)::bigint AS total) AS plan
                WHERE account.id = current_account()
                OFFSET 0) AS connecting
            """.replace("%s", TURN);

    private Plans() {}

    /**
     * Before one more is added.
     *
     * @throws RequestException when there are as many as there may be
     */
    public static void require(Transaction transaction, UUID accountId, Limit limit) {
        Long total = total(transaction, accountId, limit);
        if (total == null) {
            return;
        }
        transaction.list(ALONE, row -> true, accountId);
        if (count(transaction, accountId, limit) >= total) {
            throw RequestException.argument(
                    PLAN,
                    "The account's plan has room for " + total + " " + limit.plural()
                            + ", and so many there are. Remove one, or ask for a larger plan.");
        }
    }

    /**
     * Before one more person is added: by those who are active in a month, where the plan counts so, else by those who are
     * enabled.
     *
     * @throws RequestException when there are as many as there may be
     */
    public static void requirePerson(Transaction transaction, UUID accountId) {
        require(
                transaction,
                accountId,
                total(transaction, accountId, Limit.MONTHLY_ACTIVE_USERS) == null
                        ? Limit.USERS
                        : Limit.MONTHLY_ACTIVE_USERS);
    }

    /**
     * Before something is added that not every plan has.
     *
     * @throws RequestException when this one has not
     */
    public static void require(Transaction transaction, UUID accountId, Feature feature) {
        if (!has(transaction, accountId, feature)) {
            throw RequestException.argument(PLAN, "The account's plan is without " + feature.text() + ".");
        }
    }

    /** Whether the account's plan has it. */
    public static boolean has(Transaction transaction, UUID accountId, Feature feature) {
        return transaction.one(
                "SELECT coalesce(? = ANY (features), true) AS included FROM account WHERE id = ?",
                row -> row.flag("included"),
                feature.word(),
                accountId);
    }

    /**
     * Whether a client of this actor may connect, to be asked once the pipeline was sent. Who counts for this month already
     * always may.
     */
    public static Predicate<Transaction> mayConnect(Pipeline pipeline, UUID accountId, UUID actorId) {
        record Connecting(@Nullable Long total, boolean counted) {}
        var rows = pipeline.list(
                CONNECTING,
                row -> new Connecting(row.optionalNumber("total"), row.flag("counted")),
                accountId,
                actorId,
                Limit.MONTHLY_ACTIVE_USERS.word());
        return transaction -> {
            var connecting = rows.get().getFirst();
            return connecting.counted()
                    || count(transaction, accountId, Limit.MONTHLY_ACTIVE_USERS)
                            < Objects.requireNonNull(connecting.total(), "who has no limit is counted");
        };
    }

    /** How much of a limit is used. */
    public static Use use(Transaction transaction, UUID accountId, Limit limit) {
        return Use.of(count(transaction, accountId, limit), total(transaction, accountId, limit));
    }

    /** What there is more of than there may be, in words. */
    public static List<String> exceeded(Transaction transaction, UUID accountId) {
        List<String> exceeded = new ArrayList<>();
        for (Limit limit : Limit.values()) {
            var use = use(transaction, accountId, limit);
            if (use.isExceeded()) {
                exceeded.add(use.used() + " " + limit.plural() + " of " + use.total());
            }
        }
        return exceeded;
    }

    private static @Nullable Long total(Transaction transaction, UUID accountId, Limit limit) {
        record Total(@Nullable Long value) {}
        return transaction
                .one(TOTAL, row -> new Total(row.optionalNumber("total")), limit.word(), accountId)
                .value();
    }

    private static long count(Transaction transaction, UUID accountId, Limit limit) {
        return transaction.one(limit.counting(), row -> row.number("count"), accountId);
    }
}
