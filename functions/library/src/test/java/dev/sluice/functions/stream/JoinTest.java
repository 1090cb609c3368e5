package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.testing.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How connections of a device begin, win over each other, and end. */
@ExtendWith(DatabaseExtension.class)
class JoinTest {
    private final TestDatabase database;
    private World world;
    private Portal portal;

    JoinTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void world() {
        world = new World(database);
        portal = new Portal(world.transactions);
    }

    @Test
    void shouldNotKeepADeviceOnlineWhoseSnapshotFailed() {
        var wire = new Wire();
        var channel = portal.connect(world.client, wire);
        database.execute("REVOKE SELECT ON resource_site FROM sluice_application");
        try {
            assertThatThrownBy(() -> Portal.join(channel)).isInstanceOf(DatabaseFailure.class);
        } finally {
            database.execute("GRANT SELECT ON resource_site TO sluice_application");
        }

        assertThat(wire.closed()).isEqualTo("try again");
        assertThat(channel.joined()).isFalse();
        assertThat(rows(world.client)).isZero();
    }

    @Test
    void shouldNotServeAConnectionThatEndedWhileItJoined() {
        var wire = new Wire();
        var channel = portal.connect(world.client, wire);
        wire.onSend(text -> channel.closed());

        Portal.join(channel);

        assertThat(portal.channels.find(world.client.id())).isEmpty();
        assertThat(rows(world.client)).isZero();
    }

    @Test
    void shouldTellOnlyOwnPeersThatTheirJoinIsRefused() {
        world.execute("UPDATE account SET disabled_at = now() WHERE id = ?", world.accountId);
        var own = new Wire();
        var other = new Wire();

        portal.join(world.client, own);
        portal.join(notOwn(world.client), other);

        assertThat(own.texts()).singleElement().asString().contains("\"disabled\"");
        assertThat(other.texts()).isEmpty();
        assertThat(own.closed()).isEqualTo(other.closed()).isEqualTo("account_disabled");
    }

    @Test
    void shouldLetTheLaterJoinWinHoweverTheyInterleave() {
        var early = new Wire();
        var late = new Wire();
        var first = portal.connect(world.client, early);
        early.onSend(text -> {
            if (text.contains("phx_reply")) {
                portal.join(world.client, late);
            }
        });

        Portal.join(first);

        assertThat(early.closed()).isEqualTo("another connection of this device");
        assertThat(late.closed()).isNull();
        portal.channels.reconcile();
        assertThat(late.closed()).isNull();
        assertThat(portal.channels.find(world.client.id()))
                .map(Channel::connection)
                .contains(late);
    }

    @Test
    void shouldClearARowWhoseEndTheDatabaseWasNotTold() {
        var stays = portal.join(world.gateway, new Wire());
        var ends = portal.join(world.client, new Wire());
        database.execute("REVOKE DELETE ON channel FROM sluice_application");
        try {
            assertThatThrownBy(ends::closed).isInstanceOf(DatabaseFailure.class);
        } finally {
            database.execute("GRANT DELETE ON channel TO sluice_application");
        }
        assertThat(rows(world.client)).isOne();

        portal.channels.reconcile();

        assertThat(rows(world.client)).isZero();
        assertThat(rows(stays.device())).isOne();
    }

    @Test
    void shouldNotClearTheRowOfAJoinUnderWay() {
        var wire = new Wire().onSend(text -> portal.channels.reconcile());

        assertThat(portal.join(world.client, wire).joined()).isTrue();

        assertThat(rows(world.client)).isOne();
        assertThat(wire.closed()).isNull();
    }

    @Test
    void shouldServeADeviceThatJoinsAgainByTheSameConnection() {
        var wire = new Wire();
        var channel = portal.join(world.client, wire);
        Portal.join(channel);

        assertThat(wire.closed()).isNull();
        assertThat(rows(world.client)).isOne();
        channel.closed();
        assertThat(rows(world.client)).isZero();
    }

    static Device notOwn(Device device) {
        return new Device(device.id(), device.accountId(), device.credential(), device.role(), false, device.dialect());
    }

    private long rows(Device device) {
        return world.count("SELECT count(*) FROM channel WHERE device_id = ?", device.id());
    }
}
