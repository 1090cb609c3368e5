package dev.sluice.functions.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.testing.World;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What runs each second over every flow must not read every flow. */
@ExtendWith(DatabaseExtension.class)
class SweepPlanTest {
    @Test
    void shouldFindWhatIsOverByItsIndex(TestDatabase database) {
        var world = new World(database);
        world.authorize();
        database.execute("""
                INSERT INTO client (account_id, actor_id, external_id, name, public_key, psk_base, ipv4, ipv6,
                                    last_seen_version, last_seen_user_agent)
                SELECT account_id, actor_id, 'many-' || n, name, public_key, psk_base, ipv4, ipv6, last_seen_version,
                       last_seen_user_agent
                FROM client, generate_series(1, 3000) n WHERE id = '%1$s';
                INSERT INTO flow (account_id, client_id, resource_id, gateway_id, policy_id, token_id, secret_id, membership_id,
                                  generation, state, deadline, ref, expires_at, client_public_key, gateway_public_key,
                                  client_user_agent)
                SELECT f.account_id, c.id, f.resource_id, f.gateway_id, f.policy_id, f.token_id, f.secret_id, f.membership_id,
                       nextval('flow_generation'), 'pending', now() + interval '5 seconds', gen_random_uuid(),
                       f.expires_at, f.client_public_key, f.gateway_public_key, f.client_user_agent
                FROM flow f JOIN client c ON c.external_id LIKE 'many-%%' AND c.account_id = f.account_id
                WHERE f.client_id = '%1$s';
                INSERT INTO token (account_id, type, actor_id, expires_at)
                SELECT account_id, type, actor_id, expires_at
                FROM token, generate_series(1, 3000) n WHERE id = '%2$s';
                ANALYZE flow, token
                """.formatted(world.client.id(), world.clientToken.id()));

        assertThat(plan(world, TimedRevocation.END_EXPIRED, 1000)).contains("flow_expiry");
        assertThat(plan(world, TimedRevocation.NEXT, 1000)).contains("flow_expiry");
        assertThat(plan(world, TimedRevocation.OVER_TOKENS)).contains("token_expiry");
    }

    private static String plan(World world, String sql, Object... parameters) {
        List<String> lines = world.transactions.call(
                transaction -> transaction.list("EXPLAIN " + sql, row -> row.text("QUERY PLAN"), parameters));
        return String.join("\n", lines);
    }
}
