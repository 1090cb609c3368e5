package dev.sluice.functions.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.testing.Pool;
import dev.sluice.functions.testing.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a decision looks at. */
@ExtendWith(DatabaseExtension.class)
class PolicyRowsTest {
    /** From then on the driver and the server keep a plan. */
    private static final int KEPT = 10;

    private static final String LOOKED_AT = """
            SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::bigint AS rows FROM pg_stat_xact_user_tables
            WHERE relname IN ('actor', 'actor_group', 'membership')
            """;

    /** A directory adds thousands in one transaction, and nobody plans anew for that. */
    @Test
    void shouldLookAtNoMoreThanBeforeWhenAnAccountGrows(TestDatabase database) {
        var world = new World(database);
        Pool.transactions(database.application()).inAccount(world.accountId).run(transaction -> {
            transaction.update("SET LOCAL plan_cache_mode = force_generic_plan");
            for (int time = 0; time < KEPT; time++) {
                decide(transaction, world);
            }
            long small = lookedAt(transaction, world);
            transaction.update(
                    "INSERT INTO actor (account_id, type, name) SELECT ?, 'user', 'A' || i FROM generate_series(1, 2000) i",
                    world.accountId);
            transaction.update(
                    "INSERT INTO actor_group (account_id, type, name)"
                            + " SELECT ?, 'static', 'G' || i FROM generate_series(1, 2000) i",
                    world.accountId);
            transaction.update(
                    "INSERT INTO membership (account_id, group_id, actor_id)"
                            + " SELECT account_id, ?, id FROM actor WHERE account_id = ? AND name LIKE 'A%'",
                    world.groupId, world.accountId);

            assertThat(lookedAt(transaction, world)).isEqualTo(small).isPositive();
        });
    }

    private static long lookedAt(Transaction transaction, World world) {
        long before = rows(transaction);
        decide(transaction, world);
        return rows(transaction) - before;
    }

    private static void decide(Transaction transaction, World world) {
        var pipeline = transaction.pipeline();
        var reaching = PolicyRows.one(pipeline, world.client.id(), world.resourceId);
        pipeline.send();
        assertThat(reaching.get()).hasSize(1);
    }

    private static long rows(Transaction transaction) {
        return transaction.one(LOOKED_AT, row -> row.number("rows"));
    }
}
