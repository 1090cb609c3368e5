package dev.sluice.functions.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.sql.Acting;
import dev.sluice.functions.testing.World;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class FlowServiceTest {
    private World world;
    private FlowService flows;

    @BeforeEach
    void world(TestDatabase database) {
        world = new World(database);
        flows = new FlowService(world.transactions);
    }

    @Test
    void shouldEndFlowsAndSayWhoDidIt() {
        var granted = world.authorize();

        int ended = ScopedValue.where(Acting.CURRENT, new Acting("ada", "request-1"))
                .call(() -> flows.end(world.accountId, ids(granted)));

        assertThat(ended).isOne();
        assertThat(world.flowCount()).isZero();
        assertThat(world.outbox(world.gateway)).endsWith("reject_access flow_deleted");
        assertThat(world.outbox(world.client)).endsWith("resource flow_deleted");
        assertThat(world.texts(
                        "SELECT subject || ' ' || reason AS v FROM audit_entry WHERE flow_id = ? AND action = 'flow_ended'",
                        granted.flowId()))
                .containsExactly("ada flow_deleted");
    }

    @Test
    void shouldLetTheClientAskAgain() {
        var granted = world.authorize();
        flows.end(world.accountId, ids(granted));

        assertThat(world.authorize().generation()).isGreaterThan(granted.generation());
    }

    @Test
    void shouldLeaveAloneWhatIsAnothers() {
        var granted = world.authorize();
        var other = new World(world.transactions);

        assertThat(flows.end(other.accountId, ids(granted))).isZero();
        assertThat(flows.end(world.accountId, List.of(UUID.randomUUID()))).isZero();
        assertThat(world.flowCount()).isOne();
    }

    private static List<UUID> ids(Decision.Granted granted) {
        return List.of(granted.flowId());
    }
}
