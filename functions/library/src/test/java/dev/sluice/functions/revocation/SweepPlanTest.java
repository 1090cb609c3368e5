package dev.sluice.functions.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.testing.World;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What runs each second over every flow must not read every flow. */
@ExtendWith(DatabaseExtension.class)
class SweepPlanTest {
    @Test
    void shouldFindWhatIsOverByItsIndex(TestDatabase database) throws SQLException {
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

        assertThat(rowsRead(database, "SELECT end_expired(1000)", "flow")).isLessThan(10);
        assertThat(rowsRead(database, "SELECT next_expiry(1000)", "flow")).isLessThan(10);
        assertThat(rowsRead(database, "SELECT accounts_with_expired_tokens()", "token"))
                .isLessThan(10);
        // And what is counted here counts.
        assertThat(rowsRead(database, "SELECT portal_figures()", "flow")).isGreaterThan(3000);
    }

    private static long rowsRead(TestDatabase database, String sql, String table) throws SQLException {
        try (Connection connection = database.application().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql);
            try (ResultSet row = statement.executeQuery("SELECT seq_tup_read + coalesce(idx_tup_fetch, 0)"
                    + " FROM pg_stat_xact_user_tables WHERE relname = '" + table + "'")) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
