package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.channel.ClientCodec;
import dev.sluice.channel.CreateFlow;
import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.device.Device.Role;
import dev.sluice.functions.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Channels whose connections a service holds, served by functions that know nothing of each other. */
@ExtendWith(DatabaseExtension.class)
class PushedConnectionsTest {
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final String KEY = World.key();
    private static final String CLIENT = "api/client/c1";
    private static final String GATEWAY = "api/gateway/g1";

    private final TestDatabase database;
    private final HeldConnections held = new HeldConnections();
    private World world;
    private PushedConnections function;

    PushedConnectionsTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void world() {
        world = new World(database);
        database.execute("DELETE FROM channel");
        database.execute("DELETE FROM pushed_connection");
        function = function();
    }

    /** One more instance of the function. */
    private PushedConnections function() {
        return new PushedPortal(world, held).connections;
    }

    private void connect(Role role, String address) {
        boolean client = role == Role.CLIENT;
        var answer = function.open(
                address,
                role,
                client ? world.clientTokenText : world.gatewayTokenText,
                World.parameters(
                        client ? "client" : "gateway", KEY, client ? "headless-client/1.5.4" : "gateway/1.4.17", true));
        assertThat(answer).isInstanceOf(Handshake.Answer.Admitted.class);
        held.open(address);
    }

    private void join(Role role, String address) {
        connect(role, address);
        say(address, Frame.join(role.word(), 1));
        assertThat(events(held.take(address))).containsExactly("phx_reply", "init");
    }

    private void say(String address, Frame frame) {
        say(function, address, frame);
    }

    private static void say(PushedConnections by, String address, Frame frame) {
        by.receive(address, FrameCodec.encode(frame), WITHIN);
        by.settle(false, WITHIN);
    }

    private static List<String> events(List<String> texts) {
        return texts.stream()
                .map(text -> FrameCodec.decode(text).orElseThrow().event())
                .toList();
    }

    private static long sequence(String text) {
        return FrameCodec.decode(text).orElseThrow().sluice().sequence();
    }

    private void ask() {
        say(CLIENT, ClientCodec.encode(new CreateFlow(world.resourceId, List.of()), 7));
    }

    @Test
    void shouldTellTheGatewayBeforeTheInvocationEndsThatGrants() {
        join(Role.CLIENT, CLIENT);
        join(Role.GATEWAY, GATEWAY);

        ask();

        assertThat(events(held.take(GATEWAY))).containsExactly("authorize_flow");
        assertThat(held.take(CLIENT)).isEmpty();
        assertThat(unsent()).isZero();
    }

    @Test
    void shouldNumberWhatIsSaidHoweverManyFunctionsSayIt() {
        join(Role.GATEWAY, GATEWAY);
        List<Long> numbers = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            world.grant();
            function().settle(true, WITHIN);
            held.take(GATEWAY).forEach(text -> numbers.add(sequence(text)));
        }
        assertThat(numbers)
                .containsExactlyElementsOf(IntStream.rangeClosed(2, numbers.size() + 1)
                        .mapToObj(Long::valueOf)
                        .toList());
        assertThat(numbers).hasSizeGreaterThan(3);
    }

    @Test
    void shouldAnswerHeartbeatsAndCountAsOnlineForAsLongAsTheyCome() {
        join(Role.GATEWAY, GATEWAY);
        world.execute("UPDATE instance SET seen_at = now() - interval '44 seconds' WHERE silence = '45 seconds'");
        assertThat(online()).isOne();
        world.execute("UPDATE instance SET seen_at = now() - interval '46 seconds' WHERE silence = '45 seconds'");
        assertThat(online()).isZero();

        say(GATEWAY, Frame.heartbeat(5));

        assertThat(events(held.take(GATEWAY))).containsExactly("phx_reply");
        assertThat(online()).isOne();
    }

    private long online() {
        return world.count(
                "SELECT count(*) FROM online WHERE account_id = ? AND device_id = ?",
                world.accountId,
                world.gateway.id());
    }

    /** Nobody told of it, as it is when the service does not say that a connection has ended. */
    @Test
    void shouldKeepWhatItCouldNotTellADeviceThatIsGone() {
        join(Role.GATEWAY, GATEWAY);
        held.cut(GATEWAY);
        world.grant();

        function.settle(true, WITHIN);

        assertThat(online()).isZero();
        assertThat(rows()).isZero();
        assertThat(unsent()).isOne();
        connect(Role.GATEWAY, "api/gateway/g2");
        say("api/gateway/g2", Frame.join(Frame.GATEWAY, 1));
        assertThat(events(held.take("api/gateway/g2"))).containsExactly("phx_reply", "init", "authorize_flow");
        assertThat(unsent()).isZero();
    }

    /** It was gone for longer than an answer is on its way, and took what it was sent with it. */
    @Test
    void shouldSayAgainWhatADeviceMayNotHaveHeardSinceItWasHeardLast() {
        join(Role.GATEWAY, GATEWAY);
        world.grant();
        function.settle(true, WITHIN);
        assertThat(unsent()).isZero();
        world.execute("UPDATE instance SET seen_at = now() - interval '100 seconds' WHERE silence = '45 seconds'");
        world.execute("UPDATE outbox SET sent_at = now() - interval '90 seconds' WHERE sent_at IS NOT NULL");
        world.execute("UPDATE pushed_connection SET snapshot_wanted = true");
        held.cut(GATEWAY);

        function.settle(true, WITHIN);

        assertThat(rows()).isZero();
        assertThat(unsent()).isOne();
    }

    @Test
    void shouldEndWhatIsSilentOrDoesNotJoin() {
        join(Role.GATEWAY, GATEWAY);
        connect(Role.CLIENT, CLIENT);
        function.round();
        assertThat(rows()).isEqualTo(2);

        world.execute("UPDATE pushed_connection SET opened_at = now() - interval '16 seconds'");
        function.round();

        assertThat(held.isClosed(CLIENT)).isTrue();
        assertThat(held.isClosed(GATEWAY)).isFalse();
        world.execute("UPDATE instance SET seen_at = now() - interval '46 seconds' WHERE silence = '45 seconds'");
        function.round();
        assertThat(held.isClosed(GATEWAY)).isTrue();
        assertThat(rows()).isZero();
    }

    /** What waits for the gateway. */
    private long unsent() {
        return world.count(
                "SELECT count(*) FROM outbox WHERE account_id = ? AND device_id = ? AND sent_at IS NULL",
                world.accountId,
                world.gateway.id());
    }

    private long rows() {
        return world.count("SELECT count(*) FROM pushed_connection WHERE account_id = ?", world.accountId);
    }

    @Test
    void shouldCloseAConnectionThatItDoesNotKnow() {
        function.receive("api/client/unknown", FrameCodec.encode(Frame.heartbeat(1)), WITHIN);
        assertThat(held.isClosed("api/client/unknown")).isTrue();
    }

    @Test
    void shouldEndTheConnectionThatANewerOneReplaces() {
        join(Role.CLIENT, CLIENT);
        join(Role.CLIENT, "api/client/c2");

        assertThat(held.isClosed(CLIENT)).isTrue();
        assertThat(rows()).isOne();
        function.close(CLIENT);
        assertThat(world.count("SELECT count(*) FROM channel WHERE device_id = ?", world.client.id()))
                .isOne();
    }

    /** A hundred times a second, without the service saying that the ones before have ended. */
    @Test
    void shouldHoldFewRowsOfADeviceThatConnectsAgainAndAgain() {
        for (int n = 0; n < 100; n++) {
            connect(Role.CLIENT, CLIENT + "-" + n);
        }
        assertThat(rows()).isLessThanOrEqualTo(9);
        join(Role.CLIENT, "api/client/last");
        say("api/client/last", Frame.heartbeat(2));
        assertThat(events(held.take("api/client/last"))).containsExactly("phx_reply");
    }

    @Test
    void shouldSendTheWholeToADeviceThatAsksForIt() {
        join(Role.CLIENT, CLIENT);
        say(CLIENT, Frame.snapshot(Frame.CLIENT, 3, Frame.GAP));
        assertThat(events(held.take(CLIENT))).containsExactly("init");
    }

    @Test
    void shouldRefuseWhatTheServiceCannotCarry() {
        for (int n = 0; n < 600; n++) {
            world.policyFor(world.resource("10." + n / 200 + "." + n % 200 + ".0/24"));
        }
        connect(Role.CLIENT, CLIENT);

        say(CLIENT, Frame.join(Frame.CLIENT, 1));

        assertThat(held.isClosed(CLIENT)).isTrue();
        assertThat(world.count("SELECT count(*) FROM channel WHERE device_id = ?", world.client.id()))
                .isZero();
    }

    /** What it was handed stays, and is told by whoever comes next. */
    @Test
    void shouldTellLaterWhatTheServiceWouldNotTakeNow() {
        join(Role.GATEWAY, GATEWAY);
        world.grant();
        held.onPost(text -> {
            throw new IllegalStateException("429");
        });
        function.settle(true, WITHIN);
        assertThat(unsent()).isOne();
        assertThat(online()).isOne();

        held.onPost(text -> {});
        function().settle(true, WITHIN);
        assertThat(held.take(GATEWAY)).as("it is left alone for a while").isEmpty();
        world.execute("UPDATE pushed_connection SET leased_until = now()");
        function().settle(true, WITHIN);

        assertThat(events(held.take(GATEWAY))).contains("authorize_flow", "init");
    }

    @Test
    void shouldEndWhatIsTakenAway() {
        join(Role.CLIENT, CLIENT);
        world.execute("DELETE FROM token WHERE id = ?", world.clientToken.id());

        function.settle(true, WITHIN);

        assertThat(held.isClosed(CLIENT)).isTrue();
        assertThat(rows()).isZero();
    }

    /** Two invocations never tell a device something at once, and neither leaves anything behind. */
    @Test
    void shouldTellADeviceOneThingAfterAnotherHoweverManyFunctionsDo() throws Exception {
        join(Role.GATEWAY, GATEWAY);
        var posting = new AtomicInteger();
        var most = new AtomicInteger();
        held.onPost(text -> {
            most.accumulateAndGet(posting.incrementAndGet(), Math::max);
            Thread.yield();
            posting.decrementAndGet();
        });
        var resources = IntStream.range(0, 24)
                .mapToObj(n -> world.resource("10.9." + n + ".0/24"))
                .toList();
        resources.forEach(world::policyFor);
        List<Long> numbers = Collections.synchronizedList(new ArrayList<>());
        var begin = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = resources.stream()
                    .map(resource -> threads.submit(() -> {
                        var one = function();
                        begin.await(5, TimeUnit.SECONDS);
                        world.decisions.decide(world.ask(resource));
                        one.settle(true, WITHIN);
                        return true;
                    }))
                    .toList();
            begin.countDown();
            for (var one : all) {
                one.get();
            }
        }
        held.take(GATEWAY).forEach(text -> numbers.add(sequence(text)));
        assertThat(most).hasValue(1);
        assertThat(numbers).hasSizeGreaterThanOrEqualTo(24).isSorted().doesNotHaveDuplicates();
        assertThat(unsent()).isZero();
    }

    @Test
    void shouldTellWhatAnInvocationLeftThatWasCutOff() {
        join(Role.GATEWAY, GATEWAY);
        world.grant();
        world.execute(
                "UPDATE pushed_connection SET lease = ?, leased_until = now() + interval '1 hour'", world.accountId);
        function.settle(true, WITHIN);
        assertThat(held.take(GATEWAY)).isEmpty();

        world.execute("UPDATE pushed_connection SET leased_until = now() - interval '1 second'");
        function.round();

        assertThat(events(held.take(GATEWAY))).contains("authorize_flow");
    }

    @Test
    void shouldCheckOnceAMinuteWhatDevicesWereTold() {
        join(Role.GATEWAY, GATEWAY);
        function.round();
        assertThat(held.take(GATEWAY)).isEmpty();
        world.execute("UPDATE pushed_connection SET checked_at = now() - interval '51 seconds'");

        function.round();

        assertThat(events(held.take(GATEWAY))).containsExactly("digest");
    }

    @Test
    void shouldNotBreakWhenTheDatabaseDoes() {
        join(Role.GATEWAY, GATEWAY);
        database.execute(
                "REVOKE EXECUTE ON FUNCTION handed(bigint[], uuid[], bigint[], bigint[]) FROM sluice_application");
        try {
            world.grant();
            assertThatThrownBy(() -> function.settle(true, WITHIN)).isInstanceOf(RuntimeException.class);
        } finally {
            database.execute(
                    "GRANT EXECUTE ON FUNCTION handed(bigint[], uuid[], bigint[], bigint[]) TO sluice_application");
        }
        assertThat(unsent()).isOne();
    }
}
