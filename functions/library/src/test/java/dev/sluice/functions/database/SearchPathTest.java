package dev.sluice.functions.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.testing.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Temporary tables come before all others unless a function says otherwise; ours must not be led astray by them. */
@ExtendWith(DatabaseExtension.class)
class SearchPathTest {
    @Test
    void shouldBeFixedForEveryFunction(TestDatabase database) {
        assertThat(new World(database).texts("""
                        SELECT oid::regprocedure::text AS v FROM pg_proc
                        WHERE pronamespace = 'public'::regnamespace
                          AND prosqlbody IS NULL -- the names in such a one were looked up when it was made
                          AND NOT coalesce('search_path=public, pg_temp' = ANY (proconfig), false)
                        """)).isEmpty();
    }

    @Test
    void shouldEndAccessInTheRealTables(TestDatabase database) {
        var world = new World(database);
        world.authorize();

        database.execute("CREATE TEMP TABLE flow (LIKE public.flow); CREATE TEMP TABLE outbox (LIKE public.outbox);"
                + " CREATE TEMP TABLE audit_entry (LIKE public.audit_entry);"
                + " UPDATE policy SET disabled_at = now() WHERE id = '" + world.policyId + "'");

        assertThat(world.flowCount()).isZero();
        assertThat(world.outbox(world.gateway)).endsWith("reject_access policy_disabled");
        assertThat(world.count(
                        "SELECT count(*) FROM audit_entry WHERE account_id = ? AND action = 'policy_changed'",
                        world.accountId))
                .isOne();
    }
}
