package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.testing.Settings;
import dev.sluice.functions.testing.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a client that stays connected is told about what it may ask for. */
@ExtendWith(DatabaseExtension.class)
class OfferTest {
    private static final String NEVER = "M//UTC T//UTC W//UTC R//UTC F//UTC S//UTC U//UTC";
    private static final String ALWAYS = NEVER.replace("//", "/true/");
    private static final String TIME = "current_utc_datetime is_in_day_of_week_time_ranges ";

    private final TestDatabase database;
    private final Wire wire = new Wire();
    private World world;
    private Portal portal;
    private int heard;

    OfferTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void world() {
        world = new World(database);
        portal = new Portal(world.transactions);
    }

    @Test
    void shouldOfferAResourceWhoseTimeHasComeAndTakeAwayTheOtherFirst() throws Exception {
        var opens = world.resource("10.1.0.0/16");
        var closes = world.resource("10.2.0.0/16");
        var opening = world.policyFor(opens, TIME + NEVER);
        var closing = world.policyFor(closes, TIME + ALWAYS);
        join(world.client);
        timePasses(opening, ALWAYS);
        timePasses(closing, NEVER);

        deliverAMinuteLater();

        assertThat(told()).hasSize(2);
        assertThat(told().getFirst().event()).isEqualTo("resource_deleted");
        assertThat(told().getFirst().payload().textValue()).isEqualTo(closes.toString());
        assertThat(Objects.requireNonNull(told().getFirst().sluice()).detail())
                .hasToString("condition[current_utc_datetime]");
        assertThat(told().getLast().event()).isEqualTo("resource_created_or_updated");
        assertThat(told().getLast().payload().path("id").asText()).isEqualTo(opens.toString());
    }

    @Test
    void shouldOfferAClientThatIsVerifiedWhatItMayReachNow() throws Exception {
        var internal = world.resource("10.1.0.0/16");
        world.policyFor(internal, "client_verified is true");
        join(world.client);

        world.execute("UPDATE client SET verified_at = now() WHERE id = ?", world.client.id());
        portal.deliver();

        assertThat(told())
                .filteredOn(frame -> frame.payload().path("id").asText().equals(internal.toString()))
                .extracting(Frame::event)
                .containsExactly("resource_created_or_updated");
    }

    /** Who signed in by the provider that a policy asks for sees what it lets them have from the first moment on. */
    @Test
    void shouldListWhatThePolicyOfTheirProviderLetsThemHave() throws Exception {
        var provider = world.one(
                "SELECT id FROM identity_provider WHERE account_id = ?", row -> row.id("id"), world.accountId);
        world.execute(
                "UPDATE token SET provider_id = ? WHERE account_id = ? AND id = ?",
                provider,
                world.accountId,
                world.clientToken.id());
        var theirs = world.resource("10.1.0.0/16");
        world.policyFor(theirs, "provider_id is_in " + provider);
        var others = world.resource("10.2.0.0/16");
        world.policyFor(others, "provider_id is_in " + UUID.randomUUID());

        join(world.client);

        assertThat(wire.texts().get(1)).contains(theirs.toString()).doesNotContain(others.toString());
    }

    @Test
    void shouldSayNothingTwice() throws Exception {
        var opens = world.resource("10.1.0.0/16");
        var opening = world.policyFor(opens, TIME + NEVER);
        join(world.client);
        timePasses(opening, ALWAYS);
        deliverAMinuteLater();
        world.policies.disable(world.accountId, world.policyId);
        portal.deliver();
        int said = told().size();

        deliverAMinuteLater();

        assertThat(told()).hasSize(said);
    }

    @Test
    void shouldKeepAHeldStreamBack() throws Exception {
        var opening = world.policyFor(world.resource("10.1.0.0/16"), TIME + NEVER);
        join(world.client);
        timePasses(opening, ALWAYS);
        world.execute(
                "INSERT INTO stream_hold (device_id, account_id) VALUES (?, ?)", world.client.id(), world.accountId);

        deliverAMinuteLater();

        assertThat(told()).isEmpty();
    }

    @Test
    void shouldHaveOtherPeersAskAgainWhenAnotherPolicyStillReachesWhatEnded() {
        world.authorize();
        reachByAnotherPolicy();
        join(JoinTest.notOwn(world.client));
        world.execute("UPDATE policy SET disabled_at = now() WHERE id = ?", world.policyId);

        portal.deliver();

        assertThat(told()).extracting(Frame::event).containsExactly("resource_deleted", "resource_created_or_updated");
    }

    @Test
    void shouldNotTroubleOtherPeersWithWhatWasHandedOver() {
        world.authorize();
        reachByAnotherPolicy();
        join(JoinTest.notOwn(world.client));
        world.policies.disable(world.accountId, world.policyId);

        portal.deliver();

        assertThat(told()).extracting(Frame::event).containsExactly("resource_created_or_updated");
        assertThat(world.flowCount()).isOne();
    }

    @Test
    void shouldTellOwnPeersOnlyHowItLooksNow() {
        world.authorize();
        reachByAnotherPolicy();
        join(world.client);
        world.policies.disable(world.accountId, world.policyId);

        portal.deliver();

        assertThat(told()).extracting(Frame::event).containsExactly("resource_created_or_updated");
    }

    @Test
    void shouldTellGatewaysBeforeManyClients() {
        world.authorize();
        var gateway = new Wire().onSend(text -> {
            if (text.contains("reject_access")) {
                assertThat(told()).isEmpty();
            }
        });
        portal.join(world.gateway, gateway);
        join(world.client);
        world.execute("""
                INSERT INTO outbox (account_id, device_id, kind, client_id, resource_id)
                SELECT ?, ?, 'resource', ?, gen_random_uuid() FROM generate_series(1, 600)
                """, world.accountId, world.client.id(), world.client.id());
        world.execute("""
                INSERT INTO outbox (account_id, device_id, kind, client_id, resource_id)
                VALUES (?, ?, 'reject_access', ?, ?)
                """, world.accountId, world.gateway.id(), world.client.id(), world.resourceId);

        assertThat(portal.deliver(System.nanoTime())).isTrue();

        assertThat(gateway.texts()).last().asString().contains("reject_access");
        assertThat(told()).hasSize(Outbox.BATCH);
    }

    /** The client is here and has heard all that there is to say. */
    private void join(Device client) {
        portal.join(client, wire);
        portal.deliver();
        heard = wire.texts().size();
    }

    private void reachByAnotherPolicy() {
        var group = Ids.next();
        world.group(group, "Another group", world.actorId);
        world.policy(group, world.resourceId);
    }

    private void deliverAMinuteLater() {
        portal.deliver(
                System.nanoTime() + Settings.STREAM.lookEvery().multipliedBy(2).toNanos());
    }

    /** What came since it joined. */
    private List<Frame> told() {
        return wire.texts().stream()
                .skip(heard)
                .map(text -> FrameCodec.decode(text).orElseThrow())
                .toList();
    }

    /** As when the time of a policy comes or goes: no trigger tells anyone. */
    private void timePasses(UUID policy, String ranges) throws SQLException {
        try (Connection connection = database.superuser().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            statement.execute(
                    "UPDATE policy SET conditions = jsonb_set(conditions, '{0,values}', to_jsonb(string_to_array('"
                            + ranges + "', ' '))) WHERE id = '" + policy + "'");
        }
    }
}
