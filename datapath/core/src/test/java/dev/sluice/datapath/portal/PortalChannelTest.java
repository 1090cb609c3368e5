package dev.sluice.datapath.portal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.ClientCodec;
import dev.sluice.channel.ClientToPortal;
import dev.sluice.channel.CreateFlow;
import dev.sluice.channel.Detail;
import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.channel.PortalToClient;
import dev.sluice.channel.Reason;
import dev.sluice.channel.ResourceDeleted;
import dev.sluice.channel.SluiceExtra;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PortalChannelTest {
    private static final long SECOND = 1_000_000_000L;
    private static final UUID RESOURCE = new UUID(0, 7);
    private static final CreateFlow ASK = new CreateFlow(RESOURCE, List.of());

    private static final InstantSource WALL = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    private final RecordedOutput output = new RecordedOutput();
    private final PortalLogin login = new PortalLogin(
            URI.create("wss://portal"), PortalLogin.Role.CLIENT, "id", "name", "key", "first", "agent/1");
    private final PortalChannel<PortalToClient, ClientToPortal> channel = new PortalChannel<>(
            login, ClientCodec::decodePush, ClientCodec::encode, new Random(1), WALL, new PortalClock(WALL), output);
    private long now = 100 * SECOND;

    @Test
    void shouldJoinWithANullPayloadAndReferenceZero() {
        open();

        assertThat(output.sent)
                .singleElement()
                .satisfies(join -> assertThat(FrameCodec.encode(join))
                        .isEqualTo("{\"topic\":\"client\",\"event\":\"phx_join\",\"payload\":null,\"ref\":0}"));
    }

    @Test
    void shouldSayNothingBeforeTheJoinIsAnswered() {
        open();
        channel.send(ASK);
        assertThat(output.sent).hasSize(1);

        reply(Frame.ok(Frame.CLIENT, 0L));

        assertThat(output.ups).isEqualTo(1);
        assertThat(output.last().event()).isEqualTo("create_flow");
        assertThat(output.last().ref()).isEqualTo(1);
    }

    @Test
    void shouldGiveUpAJoinThatIsNotAnsweredInFiveSeconds() {
        open();
        pass(5 * SECOND);

        assertThat(output.closed).hasSize(1);
        assertThat(output.downs).extracting(PortalDown::cause).containsExactly(PortalDown.Cause.SILENT);
    }

    @Test
    void shouldGoOnCountingReferencesAfterReconnecting() {
        join();
        channel.handleClosed(output.socket(), now);
        pass(0);
        open();

        assertThat(output.last().ref()).isEqualTo(1);
    }

    @Test
    void shouldSendAHeartbeatEveryTenSecondsWhateverElseIsSent() {
        join();
        for (int i = 0; i < 30; i++) {
            channel.send(ASK);
            pass(SECOND);
            answerHeartbeat();
        }

        assertThat(output.sent.stream().filter(frame -> frame.event().equals(Frame.HEARTBEAT)))
                .hasSize(3)
                .allSatisfy(frame -> assertThat(frame.topic()).isEqualTo("phoenix"));
    }

    @Test
    void shouldReconnectAfterThreeHeartbeatsWithoutAnAnswer() {
        join();
        pass(39 * SECOND);
        assertThat(output.downs).isEmpty();
        pass(SECOND);

        assertThat(output.downs).extracting(PortalDown::cause).containsExactly(PortalDown.Cause.SILENT);
    }

    @Test
    void shouldCallNobodyUntilSomebodyHasSignedIn() {
        PortalChannel<PortalToClient, ClientToPortal> nobodys = new PortalChannel<>(
                login.withToken(""),
                ClientCodec::decodePush,
                ClientCodec::encode,
                new Random(1),
                WALL,
                new PortalClock(WALL),
                output);
        nobodys.start(now);
        assertThat(output.downs).containsExactly(new PortalDown(PortalDown.Cause.SIGNED_OUT, null));
        assertThat(nobodys.nextTimeout()).isEqualTo(Long.MAX_VALUE);

        nobodys.token("first", now);

        assertThat(output.socket()).isPositive();
    }

    @Test
    void shouldLeaveThePortalOnceSomebodyHasSignedOut() {
        join();
        channel.token("", now);

        assertThat(output.closed).hasSize(1);
        assertThat(output.downs).containsExactly(new PortalDown(PortalDown.Cause.SIGNED_OUT, null));
        assertThat(channel.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldRetryAtOnceAndThenWithGrowingPauses() {
        channel.start(now);
        channel.handleClosed(output.socket(), now);
        assertThat(channel.nextTimeout()).isEqualTo(now);

        long last = 0;
        for (int i = 0; i < 40; i++) {
            pass(channel.nextTimeout() - now);
            channel.handleClosed(output.socket(), now);
            last = channel.nextTimeout() - now;
            assertThat(last).isBetween(SECOND / 4, 60 * SECOND);
        }
        assertThat(last).isGreaterThan(29 * SECOND);
    }

    @Test
    void shouldNotHurryToAPortalThatDropsEveryConnection() {
        join();
        channel.handleClosed(output.socket(), now);
        pass(0);
        open();
        reply(Frame.ok(Frame.CLIENT, output.last().ref()));
        channel.handleClosed(output.socket(), now);

        assertThat(channel.nextTimeout() - now).isGreaterThanOrEqualTo(SECOND / 4);
    }

    /** A guest network that wants a sign-in, or a proxy: tunnels stay, and the token is tried again. */
    @Test
    void shouldBelieveARefusalWithoutThePortalsMarkOnlyTheFourthTime() {
        channel.start(now);
        for (long wait : new long[] {30, 120, 300}) {
            channel.handleRefused(output.socket(), 401, null, null, now);
            assertThat(output.downs).noneMatch(PortalDown::signedOut);
            assertThat(channel.nextTimeout() - now).isEqualTo(wait * SECOND);
            pass(wait * SECOND);
        }
        channel.handleRefused(output.socket(), 401, null, null, now);

        assertThat(output.downs.getLast().signedOut()).isTrue();
    }

    @Test
    void shouldCountRefusalsInARowOnly() {
        channel.start(now);
        for (int i = 0; i < 10; i++) {
            channel.handleRefused(output.socket(), 401, null, null, now);
            pass(channel.nextTimeout() - now);
            channel.handleRefused(output.socket(), 503, null, null, now);
            pass(channel.nextTimeout() - now);
        }

        assertThat(output.downs).noneMatch(PortalDown::signedOut);
    }

    @Test
    void shouldTryAtOnceWhenTheTokenFileIsTouched() {
        channel.start(now);
        channel.handleRefused(output.socket(), 401, null, null, now);
        int before = output.socket();
        channel.token("first", now);
        assertThat(output.socket()).isGreaterThan(before);

        channel.handleRefused(output.socket(), 401, null, "token_deleted", now);
        before = output.socket();
        channel.token("first", now);
        assertThat(output.socket()).isGreaterThan(before);
    }

    @Test
    void shouldHonourRetryAfter() {
        channel.start(now);
        channel.handleRefused(output.socket(), 503, "17", null, now);

        assertThat(channel.nextTimeout()).isEqualTo(now + 17 * SECOND);
        assertThat(output.downs).extracting(PortalDown::cause).containsExactly(PortalDown.Cause.REFUSED);
    }

    @Test
    void shouldRetryEveryRefusalButThatOfTheToken() {
        for (int status : new int[] {400, 403, 404, 422, 429, 500, 503}) {
            channel.start(now);
            channel.handleRefused(output.socket(), status, null, null, now);
            assertThat(channel.nextTimeout()).isLessThan(Long.MAX_VALUE);
            pass(channel.nextTimeout() - now);
        }
    }

    @Test
    void shouldWaitForANewTokenAfterARefusedOne() {
        channel.start(now);
        channel.handleRefused(output.socket(), 401, null, "token_deleted", now);

        assertThat(channel.status().state()).isEqualTo(ChannelStatus.State.SIGNED_OUT);
        assertThat(output.downs)
                .containsExactly(new PortalDown(PortalDown.Cause.SIGNED_OUT, Detail.of(Reason.TOKEN_DELETED)));
        pass(3600 * SECOND);
        assertThat(output.connected).hasSize(1);

        channel.token("second", now);

        assertThat(output.connected).hasSize(2);
        assertThat(output.headers).containsEntry("X-Authorization", "Bearer second");
    }

    @Test
    void shouldBeSignedOutByADisconnect() {
        join();
        reply(Frame.disconnect(Frame.CLIENT).with(new SluiceExtra(null, Detail.of(Reason.TOKEN_DELETED))));

        assertThat(channel.status().state()).isEqualTo(ChannelStatus.State.SIGNED_OUT);
        assertThat(channel.status().down().detail().reason()).isEqualTo(Reason.TOKEN_DELETED);
    }

    @Test
    void shouldComeBackAfterADisconnectThatIsNotAboutTheToken() {
        join();
        reply(Frame.disconnect(Frame.CLIENT).with(new SluiceExtra(null, Detail.of(Reason.ACCOUNT_DISABLED))));

        assertThat(channel.status().state()).isEqualTo(ChannelStatus.State.WAITING);
        assertThat(channel.status().down().detail().reason()).isEqualTo(Reason.ACCOUNT_DISABLED);
    }

    @Test
    void shouldReconnectWhenThePortalClosesTheChannel() {
        join();
        reply(Frame.close(Frame.CLIENT));
        pass(0);

        assertThat(output.connected).hasSize(2);
    }

    @Test
    void shouldJoinAgainWhenThePortalKnowsNothingOfTheChannel() {
        join();
        channel.send(ASK);
        reply(Frame.error(Frame.CLIENT, output.last().ref(), Frame.UNMATCHED_TOPIC));

        assertThat(output.last().event()).isEqualTo(Frame.JOIN);
        assertThat(output.connected).hasSize(1);
    }

    @Test
    void shouldJoinOnceHoweverManyMessagesFoundNoChannel() {
        join();
        channel.send(ASK);
        reply(Frame.error(Frame.CLIENT, output.last().ref(), Frame.UNMATCHED_TOPIC));
        int joined = output.sent.size();
        reply(Frame.error(Frame.CLIENT, 77L, Frame.UNMATCHED_TOPIC));

        assertThat(output.sent).hasSize(joined);
        assertThat(output.last().event()).isEqualTo(Frame.JOIN);
    }

    @Test
    void shouldKeepAtMostThirtyTwoMessagesAndEachOnce() {
        channel.start(now);
        for (int i = 0; i < 40; i++) {
            channel.send(new CreateFlow(new UUID(0, i), List.of()));
            channel.send(new CreateFlow(new UUID(0, i), List.of()));
        }
        channel.handleOpen(output.socket(), null, now);
        reply(Frame.ok(Frame.CLIENT, 0L));

        assertThat(output.sent).hasSize(1 + 32);
        assertThat(output.last().payload().path("resource_id").asText()).isEqualTo(new UUID(0, 39).toString());
        assertThat(channel.status().dropped()).isEqualTo(8);
    }

    @Test
    void shouldSkipWhatItDoesNotKnow() {
        join();
        text("{\"topic\":\"client\",\"event\":\"from_the_future\",\"payload\":{},\"ref\":null}");
        text("{\"topic\":\"gateway\",\"event\":\"init\",\"payload\":{},\"ref\":null}");

        assertThat(channel.status().unknown()).isEqualTo(2);
        assertThat(output.downs).isEmpty();
    }

    @Test
    void shouldSurviveMalformedFrames() {
        join();
        for (String text :
                List.of("", "{", "[]", "null", "{\"topic\":1}", "{\"topic\":\"client\",\"event\":\"init\"}")) {
            text(text);
        }

        assertThat(channel.status().malformed()).isEqualTo(6);
        assertThat(channel.status().state()).isEqualTo(ChannelStatus.State.UP);
    }

    @Test
    void shouldHandOverMessages() {
        join();
        text("{\"topic\":\"client\",\"event\":\"resource_deleted\",\"payload\":\"" + RESOURCE + "\",\"ref\":null}");

        assertThat(output.received).containsExactly(new ResourceDeleted(RESOURCE));
    }

    @Test
    void shouldIgnoreAnEarlierSocket() {
        join();
        int earlier = output.socket();
        channel.handleClosed(earlier, now);
        pass(0);
        open();
        channel.handleClosed(earlier, now);
        channel.handleText(earlier, FrameCodec.encode(Frame.ok(Frame.CLIENT, 1L)), now);

        assertThat(channel.status().state()).isEqualTo(ChannelStatus.State.JOINING);
    }

    @Test
    void shouldStayAwayOnceStopped() {
        join();
        channel.stop();
        pass(3600 * SECOND);

        assertThat(output.closed).hasSize(1);
        assertThat(output.connected).hasSize(1);
    }

    private void open() {
        channel.start(now);
        channel.handleOpen(output.socket(), null, now);
    }

    private void join() {
        open();
        reply(Frame.ok(Frame.CLIENT, output.last().ref()));
    }

    private void answerHeartbeat() {
        if (output.last().event().equals(Frame.HEARTBEAT)) {
            reply(Frame.ok(Frame.PHOENIX, output.last().ref()));
        }
    }

    private void reply(Frame frame) {
        text(FrameCodec.encode(frame));
    }

    private void text(String text) {
        channel.handleText(output.socket(), text, now);
    }

    /** Time passes, and the channel is woken when it wants. */
    private void pass(long nanoseconds) {
        long end = now + nanoseconds;
        while (channel.nextTimeout() <= end) {
            now = Math.max(now, channel.nextTimeout());
            channel.handleTimeout(now);
        }
        now = end;
    }
}
