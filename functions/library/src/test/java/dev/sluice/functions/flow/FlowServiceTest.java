package dev.sluice.functions.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.sql.Acting;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.testing.World;
import java.time.Duration;
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

        var ended = ScopedValue.where(Acting.CURRENT, new Acting(null, "ada", "request-1"))
                .call(() -> flows.end(world.accountId, granted.flowId()));

        assertThat(ended.generation()).isEqualTo(granted.generation());
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
        assertThat(flows.endAll(world.accountId, world.client.id(), world.resourceId))
                .isOne();

        assertThat(world.authorize().generation()).isGreaterThan(granted.generation());
    }

    @Test
    void shouldLeaveAloneWhatIsAnothers() {
        var granted = world.authorize();
        var other = new World(world.transactions);

        assertThatThrownBy(() -> flows.end(other.accountId, granted.flowId())).isInstanceOf(RequestException.class);
        assertThatThrownBy(() -> flows.expire(other.accountId, granted.flowId(), Duration.ZERO))
                .isInstanceOf(RequestException.class);
        assertThat(flows.endAll(other.accountId, world.client.id(), null)).isZero();
        assertThat(flows.endAll(world.accountId, world.client.id(), UUID.randomUUID()))
                .isZero();
        assertThat(world.flowCount()).isOne();
    }
}
