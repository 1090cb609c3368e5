package dev.sluice.functions.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.testing.World;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What of a device decides about access, and what the record says of it. */
@ExtendWith(DatabaseExtension.class)
class DeviceChangeTest {
    private World world;

    @BeforeEach
    void world(TestDatabase database) {
        world = new World(database);
    }

    @Test
    void shouldTellAClientThatItIsVerifiedAndThatItIsNotAnyMore() {
        world.policyFor(world.resource("10.5.0.0/16"), "client_verified is true");
        world.execute("UPDATE client SET verified_at = now() WHERE id = ?", world.client.id());
        assertThat(world.outbox(world.client)).endsWith("resource", "resource");

        world.execute("UPDATE client SET verified_at = NULL WHERE id = ?", world.client.id());
        assertThat(world.outbox(world.client)).endsWith("resource condition_changed", "resource condition_changed");
    }

    @Test
    void shouldRecordWhatDecides() {
        world.execute("UPDATE client SET verified_at = now() WHERE id = ?", world.client.id());
        world.device(world.clientToken, "client", "headless-client/1.5.5");
        world.device(world.gatewayToken, "gateway", "gateway/1.4.18");
        world.execute("DELETE FROM gateway WHERE id = ?", world.gateway.id());
        world.execute("DELETE FROM client WHERE id = ?", world.client.id());

        assertThat(world.texts(
                        "SELECT action || coalesce(' ' || client_id, '') || coalesce(' ' || gateway_id, '') AS v"
                                + " FROM audit_entry WHERE account_id = ? AND action ~ '^(client|gateway)_' ORDER BY id",
                        world.accountId))
                .isEqualTo(List.of(
                        "client_created " + world.client.id(),
                        "gateway_created " + world.gateway.id(),
                        "client_changed " + world.client.id(),
                        "gateway_deleted " + world.gateway.id(),
                        "client_deleted " + world.client.id()));
    }

    @Test
    void shouldSayFromWhereToWhereAResourceMoved(TestDatabase database) {
        var other = world.site("Other");
        database.execute(
                "UPDATE resource_site SET site_id = '" + other + "' WHERE resource_id = '" + world.resourceId + "'");

        assertThat(world.texts(
                        "SELECT action || ' ' || site_id AS v FROM audit_entry WHERE account_id = ?"
                                + " AND action LIKE 'resource_site%' ORDER BY id",
                        world.accountId))
                .endsWith("resource_site_deleted " + world.siteId, "resource_site_created " + other);
    }

    @Test
    void shouldSayWhoLeftWhichGroup() {
        world.execute("DELETE FROM membership WHERE actor_id = ?", world.actorId);

        var entry = world.audit(1).getFirst();
        assertThat(entry.action()).isEqualTo("membership_deleted");
        assertThat(entry.actorId()).isEqualTo(world.actorId);
        assertThat(entry.groupId()).isEqualTo(world.groupId);
    }
}
