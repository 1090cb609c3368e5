package dev.sluice.functions.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.testing.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class RestoreTest {
    private World world;
    private RestoreService restores;

    @BeforeEach
    void world(TestDatabase database) {
        world = new World(database);
        restores = new RestoreService(world.transactions);
    }

    @Test
    void shouldEndWhatTheBackupGrantsAndGoOnAboveWhatWasEverGiven() {
        var before = world.authorize();
        long epoch = epoch();

        var restored = restores.restored(true);

        assertThat(restored.flows()).isOne();
        assertThat(restored.tokens()).isZero();
        assertThat(restored.epoch()).isGreaterThan(epoch).isEqualTo(epoch());
        assertThat(world.flowCount()).isZero();
        assertThat(world.outbox(world.gateway)).endsWith("reject_access flow_deleted");
        var after = world.authorize();
        assertThat(after.generation())
                .isGreaterThan(restored.generation())
                .isGreaterThan(before.generation())
                .isLessThan(1L << 53);
        assertThat(restored.generation())
                .isGreaterThan(TimeUnit.SECONDS.toMicros(
                        Instant.now().minus(Duration.ofDays(1)).getEpochSecond()));
        assertThat(restores.restored(true).generation()).isGreaterThan(after.generation());
    }

    @Test
    void shouldSignClientsAndPeopleOutUnlessTheyAreToStay() {
        for (String type : List.of("browser", "sign_in")) {
            world.execute(
                    "INSERT INTO token (account_id, type, actor_id, expires_at) VALUES (?, ?, ?, now() + interval '1 hour')",
                    world.accountId,
                    type,
                    world.actorId);
        }
        restores.restored(true);
        assertThat(world.authenticate(TokenType.CLIENT, world.clientTokenText))
                .isInstanceOf(Authentication.Accepted.class);

        String theirs = "SELECT count(*) FROM token WHERE type IN ('client', 'browser', 'sign_in')";
        assertThat(world.count(theirs)).isEqualTo(3);
        // Other accounts have some too.
        assertThat(restores.restored(false).tokens()).isGreaterThanOrEqualTo(3);
        assertThat(world.count(theirs)).isZero();

        assertThat(world.authenticate(TokenType.CLIENT, world.clientTokenText))
                .isInstanceOf(Authentication.Refused.class);
        assertThat(world.authenticate(TokenType.GATEWAY, world.gatewayTokenText))
                .isInstanceOf(Authentication.Accepted.class);
    }

    private long epoch() {
        return world.one("SELECT epoch FROM portal_epoch", row -> row.number("epoch"));
    }
}
