package dev.sluice.functions.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.flow.Flow;
import dev.sluice.functions.revocation.Verification;
import dev.sluice.functions.testing.World;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class HandoverTest {
    private World world;

    @BeforeEach
    void world(TestDatabase database) {
        world = new World(database);
    }

    @Test
    void shouldGoOnByAnotherPolicyWithoutAGap() {
        var granted = world.authorize();
        var other = everyones();
        var told = world.outbox(world.gateway);

        world.policies.disable(world.accountId, world.policyId);

        var flow = world.flows.find(world.accountId, granted.flowId()).orElseThrow();
        assertThat(flow.policyId()).isEqualTo(other);
        assertThat(flow.generation()).isEqualTo(granted.generation());
        assertThat(flow.expiresAt()).isEqualTo(granted.expiresAt());
        assertThat(world.outbox(world.gateway)).isEqualTo(told);
        assertThat(world.texts("SELECT policy_id::text AS v FROM audit_entry WHERE action = 'flow_handed_over'"))
                .containsExactly(other.toString());
        assertThat(new Verification(world.transactions).findings())
                .allMatch(finding -> finding.violations() == 0, "holds");
    }

    @Test
    void shouldEndWithThePolicyThatItWasHandedTo() {
        var granted = world.authorize();
        var other = everyones();
        world.policies.delete(world.accountId, world.policyId);
        assertThat(world.flowCount()).isOne();

        world.policies.delete(world.accountId, other);

        assertThat(world.flows.find(world.accountId, granted.flowId())).isEmpty();
        assertThat(world.outbox(world.gateway)).endsWith("reject_access policy_deleted");
    }

    @Test
    void shouldNotLastLongerThanTheOtherPolicyAllows() {
        var granted = world.authorize();
        // Both, since the day may end meanwhile.
        var today = LocalDate.now(ZoneOffset.UTC);
        everyones("current_utc_datetime is_in_day_of_week_time_ranges " + all(today) + " " + all(today.plusDays(1)));

        world.policies.disable(world.accountId, world.policyId);

        var flow = world.flows.find(world.accountId, granted.flowId()).orElseThrow();
        assertThat(flow.expiresAt())
                .isBefore(granted.expiresAt())
                .isBeforeOrEqualTo(Instant.now().plus(Duration.ofDays(2)));
        assertThat(world.outbox(world.gateway)).endsWith("expiry_updated");
    }

    @Test
    void shouldNotLastLongerThanItWouldHave() {
        var granted = world.authorize();
        world.flows.expire(world.accountId, granted.flowId(), Duration.ofMinutes(5));
        var cap = world.flows
                .find(world.accountId, granted.flowId())
                .orElseThrow()
                .expiresAt();
        everyones();

        world.policies.disable(world.accountId, world.policyId);

        assertThat(world.flows
                        .find(world.accountId, granted.flowId())
                        .orElseThrow()
                        .expiresAt())
                .isEqualTo(cap);
    }

    @Test
    void shouldEndWhatNoOtherPolicyAllows() {
        world.authorize();
        var disabled = everyones();
        world.policies.disable(world.accountId, disabled);

        world.policies.disable(world.accountId, world.policyId);

        assertThat(world.flowCount()).isZero();
        assertThat(world.outbox(world.gateway)).endsWith("reject_access policy_disabled");
    }

    @Test
    void shouldNotHandOverToAPolicyWhoseConditionsDoNotHold() {
        world.authorize();
        everyones("remote_ip is_in_cidr 198.51.100.0/24");

        world.policies.disable(world.accountId, world.policyId);

        assertThat(world.flowCount()).isZero();
    }

    @Test
    void shouldGoOnWhereAnotherPolicyAllowsItFromTheClientsNewPlace() {
        var resource = world.resource("10.6.0.0/16");
        world.policyFor(resource, "remote_ip is_in_cidr 203.0.113.0/24");
        world.decisions.decide(world.ask(resource));
        var elsewhere = everyones(resource, "remote_ip is_in_cidr 198.51.100.0/24");

        world.reconnect("198.51.100.1");

        assertThat(world.flows
                        .page(world.accountId, null, null, null, PageRequest.first(2))
                        .rows())
                .extracting(Flow::policyId)
                .containsExactly(elsewhere);
    }

    @Test
    void shouldEndByPlainSqlWhatAnotherPolicyWouldAllow() {
        world.authorize();
        everyones();

        world.execute("UPDATE policy SET disabled_at = now() WHERE id = ?", world.policyId);

        assertThat(world.flowCount()).isZero();
    }

    private static String all(LocalDate day) {
        return "MTWRFSU".charAt(day.getDayOfWeek().getValue() - 1) + "/true/UTC";
    }

    private UUID everyones(String... conditions) {
        return everyones(world.resourceId, conditions);
    }

    private UUID everyones(UUID resource, String... conditions) {
        return world.policy(world.everyone(), resource, conditions);
    }
}
