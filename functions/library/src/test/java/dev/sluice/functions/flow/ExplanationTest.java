package dev.sluice.functions.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.flow.ExplanationService.Question;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.testing.World;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class ExplanationTest {
    private World world;
    private ExplanationService explanations;

    @BeforeEach
    void world(TestDatabase database) {
        world = new World(database);
        explanations = new ExplanationService(world.transactions);
    }

    /** Whatever refuses or allows: an explanation says what the decision then is, and writes nothing. */
    @Test
    void shouldSayWhatIsThenDecided(TestDatabase database) {
        for (var situation : situations().entrySet()) {
            world = new World(database);
            explanations = new ExplanationService(world.transactions);
            situation.getValue().accept(world);
            long before = world.count("SELECT count(*) FROM audit_entry") + world.count("SELECT count(*) FROM outbox");

            var explained = ofClient(null, null);

            assertThat(world.count("SELECT count(*) FROM audit_entry") + world.count("SELECT count(*) FROM outbox"))
                    .as(situation.getKey())
                    .isEqualTo(before);
            switch (world.decisions.decide(world.ask())) {
                case Decision.Granted granted -> {
                    assertThat(explained.allowed()).as(situation.getKey()).isTrue();
                    assertThat(explained.reason()).isNull();
                    assertThat(explained.expiresAt()).as(situation.getKey()).isEqualTo(granted.expiresAt());
                    assertThat(explained.gateways())
                            .filteredOn(Explanation.ConsideredGateway::eligible)
                            .extracting(Explanation.ConsideredGateway::id)
                            .contains(granted.gatewayId());
                }
                case Decision.Denied denied -> {
                    assertThat(explained.allowed()).as(situation.getKey()).isFalse();
                    assertThat(explained.reason())
                            .as(situation.getKey())
                            .isEqualTo(denied.detail().reason().code());
                    assertThat(explained.properties())
                            .as(situation.getKey())
                            .isEqualTo(denied.detail().properties());
                }
                case Decision.Unserved unserved ->
                    assertThat(explained.reason())
                            .as(situation.getKey())
                            .isEqualTo(unserved.detail().reason().code());
            }
            assertThat(explained.text()).endsWith(".").doesNotContain("null");
        }
    }

    private static Map<String, Consumer<World>> situations() {
        var situations = new LinkedHashMap<String, Consumer<World>>();
        situations.put("allowed", world -> {});
        situations.put(
                "allowed for a while",
                world -> world.execute(
                        "UPDATE policy SET conditions = ?::jsonb WHERE id = ?",
                        "[{\"property\":\"current_utc_datetime\",\"operator\":\"is_in_day_of_week_time_ranges\",\"values\":"
                                + "[\"M/true/UTC\",\"T/true/UTC\",\"W/true/UTC\",\"R/true/UTC\",\"F/true/UTC\",\"S/true/UTC\","
                                + "\"U/true/UTC\"]}]",
                        world.policyId));
        situations.put(
                "two policies",
                world -> world.policy(world.everyone(), world.resourceId, "remote_ip is_in_cidr 192.0.2.0/24"));
        situations.put("served already", World::authorize);
        situations.put("no policy", world -> world.execute("DELETE FROM policy WHERE id = ?", world.policyId));
        situations.put("disabled", world -> world.policies.disable(world.accountId, world.policyId));
        situations.put(
                "not a member", world -> world.execute("DELETE FROM membership WHERE actor_id = ?", world.actorId));
        situations.put("a condition", world -> conditions(world, "remote_ip", "is_in_cidr", "192.0.2.0/24"));
        situations.put("an unknown region", world -> conditions(world, "remote_ip_location_region", "is_in", "DE"));
        situations.put(
                "no gateway online",
                world -> world.execute("DELETE FROM channel WHERE device_id = ?", world.gateway.id()));
        situations.put(
                "an old gateway",
                world -> world.execute(
                        "UPDATE gateway SET last_seen_version = '1.0.0' WHERE id = ?", world.gateway.id()));
        situations.put(
                "a gateway for others",
                world -> world.execute("UPDATE gateway SET serves = '{dns}' WHERE id = ?", world.gateway.id()));
        situations.put(
                "no site", world -> world.execute("DELETE FROM resource_site WHERE resource_id = ?", world.resourceId));
        situations.put(
                "actor disabled",
                world -> world.execute("UPDATE actor SET disabled_at = now() WHERE id = ?", world.actorId));
        situations.put(
                "account disabled",
                world -> world.execute("UPDATE account SET disabled_at = now() WHERE id = ?", world.accountId));
        situations.put("token deleted", world -> world.tokens.delete(world.accountId, world.clientToken.id()));
        situations.put(
                "token expired",
                world -> world.execute(
                        "UPDATE token SET expires_at = now() - interval '1 minute' WHERE id = ?",
                        world.clientToken.id()));
        return situations;
    }

    @Test
    void shouldShowEachConditionWithWhatItWasHeldAgainst() {
        conditions(world, "remote_ip", "is_in_cidr", "192.0.2.0/24");

        var refused = ofClient(null, null);
        var condition = refused.policies().getFirst().conditions().getFirst();
        assertThat(condition.holds()).isFalse();
        assertThat(condition.seen()).isNotNull();
        assertThat(refused.text())
                .contains("the address that they come from has to be in 192.0.2.0/24, which is " + condition.seen());

        var elsewhere = ofClient(null, "192.0.2.7");
        assertThat(elsewhere.allowed()).isTrue();
        assertThat(elsewhere.policies().getFirst().conditions().getFirst().seen())
                .isEqualTo("192.0.2.7");
    }

    @Test
    void shouldAnswerForAnotherTime() {
        conditions(world, "current_utc_datetime", "is_in_day_of_week_time_ranges", "M/08:00:00-17:00:00/UTC");

        var monday = ofClient(Instant.parse("2026-11-30T09:00:00Z"), null);
        assertThat(monday.policies().getFirst().conforms()).isTrue();
        assertThat(monday.policies().getFirst().expiresAt()).isEqualTo("2026-11-30T17:00:00Z");
        assertThat(ofClient(Instant.parse("2026-11-29T09:00:00Z"), null).reason())
                .isEqualTo("condition");
    }

    @Test
    void shouldAnswerForAnActorWhereverTheyComeFrom() {
        assertThat(ofActor(world.actorId).allowed()).isTrue();
        assertThat(ofActor(world.actorId).expiresAt()).isNull();
        conditions(world, "remote_ip", "is_not_in_cidr", "192.0.2.0/24");
        assertThat(ofActor(world.actorId).text()).contains("which is not known");

        var policy = ofActor(stranger()).policies().getFirst();
        assertThat(policy.reaches()).isFalse();
        assertThat(ofActor(stranger()).reason()).isEqualTo("no_policy");
        assertThat(ofActor(stranger()).text()).contains("where somebody else is not");
    }

    @Test
    void shouldKnowNothingOfAnotherAccount() {
        var other = new World(world.transactions);
        for (var question : new Question[] {
            new Question(world.accountId, other.client.id(), null, world.resourceId, null, null, null),
            new Question(world.accountId, null, other.actorId, world.resourceId, null, null, null),
            new Question(world.accountId, world.client.id(), null, other.resourceId, null, null, null),
        }) {
            assertThatThrownBy(() -> explanations.explain(question))
                    .isInstanceOfSatisfying(
                            RequestException.class,
                            e -> assertThat(e.kind()).isEqualTo(RequestException.Kind.NOT_FOUND));
        }
    }

    private UUID stranger() {
        var id = UUID.randomUUID();
        world.actor(id, ActorType.USER, "somebody else", null);
        return id;
    }

    private static void conditions(World world, String property, String operator, String value) {
        world.execute(
                "UPDATE policy SET conditions = jsonb_build_array(jsonb_build_object('property', ?, 'operator', ?, 'values',"
                        + " jsonb_build_array(?))) WHERE id = ?",
                property,
                operator,
                value,
                world.policyId);
    }

    private Explanation ofClient(@Nullable Instant at, @Nullable String remoteIp) {
        return explanations.explain(
                new Question(world.accountId, world.client.id(), null, world.resourceId, at, remoteIp, null));
    }

    private Explanation ofActor(UUID actor) {
        return explanations.explain(new Question(world.accountId, null, actor, world.resourceId, null, null, null));
    }
}
