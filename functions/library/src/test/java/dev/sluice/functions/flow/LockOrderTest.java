package dev.sluice.functions.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.testing.Session;
import dev.sluice.functions.testing.World;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Decisions lock in the order in which deletions do: what owns before what it owns. Each test stops a deletion half-way by a
 * lock on something that it deletes on its way, and then lets a decision come.
 */
@ExtendWith(DatabaseExtension.class)
class LockOrderTest {
    private TestDatabase database;
    private World world;

    @BeforeEach
    void world(TestDatabase database) {
        this.database = database;
        world = new World(database);
    }

    @Test
    void shouldWaitForTheDeletionOfAnActor() throws Exception {
        decideDuring(
                "DELETE FROM actor WHERE id = '" + world.actorId + "'",
                "SELECT FROM token WHERE id = '" + world.clientToken.id() + "' FOR SHARE");
    }

    @Test
    void shouldWaitForTheDeletionOfASite() throws Exception {
        decideDuring(
                "DELETE FROM site WHERE id = '" + world.siteId + "'",
                "SELECT FROM gateway WHERE id = '" + world.gateway.id() + "' FOR SHARE");
    }

    @Test
    void shouldWaitForTheDeletionOfAGroup() throws Exception {
        decideDuring(
                "DELETE FROM actor_group WHERE id = '" + world.groupId + "'",
                "SELECT FROM membership WHERE actor_id = '" + world.actorId + "' FOR SHARE");
    }

    @Test
    void shouldWaitForTheDeletionOfThePolicy() throws Exception {
        var flow = world.authorize();
        decideDuring(
                "DELETE FROM policy WHERE id = '" + world.policyId + "'",
                "SELECT FROM flow WHERE id = '" + flow.flowId() + "' FOR UPDATE");
    }

    @Test
    void shouldWaitForTheDeletionOfTheGroupOfEveryone() throws Exception {
        UUID everyone = world.everyone();
        world.policies.delete(world.accountId, world.policyId);
        var open = world.policy(everyone, world.resourceId);
        decideDuring(
                "DELETE FROM actor_group WHERE id = '" + everyone + "'",
                "SELECT FROM policy WHERE id = '" + open + "' FOR SHARE");
    }

    private void decideDuring(String deletion, String obstacle) throws Exception {
        try (var other = new Session(database)) {
            other.execute(obstacle);
            var deleted = other.start(1, () -> {
                database.execute(deletion);
                return true;
            });
            var decided = other.start(2, () -> world.decisions.decide(world.ask()));
            other.commit();

            assertThat(Session.result(deleted)).isTrue();
            assertThat(Session.result(decided)).isInstanceOf(Decision.Denied.class);
        }
        assertThat(world.transactions.retries()).isZero();
        assertThat(world.flowCount()).isZero();
    }
}
