package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.device.Device.Role;
import dev.sluice.functions.testing.Session;
import dev.sluice.functions.testing.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class DeliveryTest {
    private final TestDatabase database;
    private final Wire toGateway = new Wire();
    private final Wire toClient = new Wire();
    private World world;
    private Portal portal;

    DeliveryTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void join() {
        world = new World(database);
        portal = new Portal(world.transactions);
        portal.join(world.gateway, toGateway);
        portal.join(world.client, toClient);
        world.authorize();
        portal.deliver();
    }

    @Test
    void shouldSayOnceWhatIsNotMarkedYet() {
        world.policies.disable(world.accountId, world.policyId);
        long rejected = rejections();

        for (int pass = 0; pass < 3; pass++) {
            portal.tell(Role.GATEWAY, System.nanoTime());
        }
        assertThat(rejections()).isEqualTo(rejected + 1);
        assertThat(unsentToGateway()).isOne();

        portal.marks.write();

        assertThat(unsentToGateway()).isZero();
        portal.tell(Role.GATEWAY, System.nanoTime());
        assertThat(rejections()).isEqualTo(rejected + 1);
    }

    @Test
    void shouldKeepMarksThatCannotBeWritten() throws Exception {
        world.policies.disable(world.accountId, world.policyId);
        portal.tell(Role.GATEWAY, System.nanoTime());
        try (var session = new Session(database)) {
            session.execute("ALTER TABLE channel RENAME TO hidden");
            session.commit();
            assertThatThrownBy(portal.marks::write).hasMessageContaining("channel");
            session.execute("ALTER TABLE hidden RENAME TO channel");
            session.commit();
        }

        portal.marks.write();

        assertThat(unsentToGateway()).isZero();
    }

    @Test
    void shouldNotRepeatToGatewaysWhatClientsCouldNotBeTold() throws Exception {
        world.policies.disable(world.accountId, world.policyId);
        long rejected = rejections();

        try (var session = new Session(database)) {
            session.execute("ALTER TABLE membership RENAME TO hidden");
            session.commit();
            for (int pass = 0; pass < 3; pass++) {
                try {
                    portal.deliver();
                } catch (RuntimeException unreadable) {
                    assertThat(unreadable).hasMessageContaining("membership");
                }
            }
            session.execute("ALTER TABLE hidden RENAME TO membership");
            session.commit();
        }
        assertThat(rejections()).isEqualTo(rejected + 1);
        portal.deliver();

        assertThat(toClient.texts()).last().asString().contains("resource_deleted");
        assertThat(rejections()).isEqualTo(rejected + 1);
    }

    private long unsentToGateway() {
        return world.count("SELECT count(*) FROM outbox WHERE device_id = ? AND sent_at IS NULL", world.gateway.id());
    }

    private long rejections() {
        return toGateway.texts().stream()
                .filter(text -> text.contains("reject_access"))
                .count();
    }
}
