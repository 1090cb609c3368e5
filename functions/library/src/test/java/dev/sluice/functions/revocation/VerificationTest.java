package dev.sluice.functions.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.testing.World;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever stands above the triggers can break what is promised; it is found. */
@ExtendWith(DatabaseExtension.class)
class VerificationTest {
    private TestDatabase database;
    private World world;

    @BeforeEach
    void world(TestDatabase given) {
        database = given;
        world = new World(database);
    }

    @Test
    void shouldFindNothingWhereTheTriggersAreHeeded() {
        world.authorize();
        world.policies.disable(world.accountId, world.policyId);
        world.policies.enable(world.accountId, world.policyId);
        world.authorize();
        world.grant();

        assertThat(broken()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    every flow rests on what grants it | UPDATE policy SET disabled_at = now() WHERE id = :policy
                    every flow rests on what grants it | DELETE FROM membership WHERE account_id = :account
                    every flow rests on what grants it | UPDATE actor SET disabled_at = now() WHERE account_id = :account
                    every flow rests on what grants it | UPDATE account SET disabled_at = now() WHERE id = :account
                    every flow rests on what grants it | DELETE FROM resource_site WHERE account_id = :account
                    no flow outlives what limits it | UPDATE flow SET expires_at = now() + interval '1 year'
                    every flow was granted in the audit | UPDATE flow SET generation = generation + 1000
                    every flow that is gone was ended in the audit | DELETE FROM flow WHERE account_id = :account
                    every grant and every end of the last minutes was said to its gateway | DELETE FROM outbox
                    no request waits for longer than gateways have | UPDATE flow SET state = 'pending', \
                    ref = gen_random_uuid(), deadline = now() - interval '1 hour' WHERE account_id = :account
                    nothing waits for devices that are online | UPDATE outbox SET inserted_at = now() - interval '1 hour'
                    """)
    void shouldFindWhatIsBroken(String promise, String sql) {
        world.authorize();
        above(sql.replace(":policy", "'" + world.policyId + "'").replace(":account", "'" + world.accountId + "'"));

        assertThat(broken()).contains(promise);
    }

    @Test
    void shouldFindAFlowThatCameBack() {
        var granted = world.authorize();
        database.execute("CREATE TABLE kept AS SELECT * FROM flow WHERE id = '" + granted.flowId() + "'");
        world.policies.disable(world.accountId, world.policyId);
        above("INSERT INTO flow SELECT * FROM kept");
        database.execute("DROP TABLE kept");

        assertThat(broken())
                .contains("no flow that was ended in the audit is there", "every flow rests on what grants it");
    }

    /** As a restore does that goes round the triggers. */
    private void above(String sql) {
        try (var connection = database.superuser().connect();
                var statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            statement.execute(sql);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> broken() {
        return new Verification(world.transactions)
                .findings().stream()
                        .filter(finding -> finding.violations() > 0)
                        .map(Verification.Finding::check)
                        .toList();
    }
}
