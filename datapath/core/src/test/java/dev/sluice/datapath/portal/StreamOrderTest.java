package dev.sluice.datapath.portal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.ClientCodec;
import dev.sluice.channel.ClientInit;
import dev.sluice.channel.ClientInterface;
import dev.sluice.channel.ClientToPortal;
import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.channel.PortalToClient;
import dev.sluice.channel.ResourceDeleted;
import dev.sluice.channel.SluiceExtra;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pushes that are numbered, and what a device does about those that are missing. */
class StreamOrderTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long EPOCH = 1_700_000_000;
    private static final UUID FIRST = new UUID(0, 1);
    private static final UUID SECOND_ONE = new UUID(0, 2);

    private static final InstantSource WALL = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    private final RecordedOutput output = new RecordedOutput();
    private final PortalChannel<PortalToClient, ClientToPortal> channel = new PortalChannel<>(
            new PortalLogin(
                    URI.create("wss://portal"), PortalLogin.Role.CLIENT, "id", "name", "key", "token", "agent/1"),
            ClientCodec::decodePush,
            ClientCodec::encode,
            new Random(1),
            WALL,
            new PortalClock(WALL),
            output);
    private long now = 100 * SECOND;

    @BeforeEach
    void join() {
        channel.start(now);
        connect();
    }

    @Test
    void shouldTakeWhatComesInOrderAndAskForNothing() {
        init(EPOCH, 1);
        deleted(FIRST, EPOCH, 2);
        deleted(SECOND_ONE, EPOCH, 3);

        assertThat(output.received).hasSize(3);
        assertThat(requests()).isEmpty();
        assertThat(channel.status().gaps()).isZero();
    }

    @Test
    void shouldAskForASnapshotWhenAPushIsMissingAndTakeWhatCameAllTheSame() {
        init(EPOCH, 1);
        deleted(SECOND_ONE, EPOCH, 3);

        assertThat(output.received).last().isEqualTo(new ResourceDeleted(SECOND_ONE));
        assertThat(requests()).containsExactly(Frame.GAP);
        assertThat(channel.status().gaps()).isEqualTo(1);

        init(EPOCH, 4);
        deleted(FIRST, EPOCH, 5);
        assertThat(requests()).hasSize(1);
    }

    @Test
    void shouldAskAgainForASnapshotThatDoesNotCome() {
        init(EPOCH, 1);
        deleted(SECOND_ONE, EPOCH, 3);

        heartbeat();
        assertThat(requests()).containsExactly(Frame.GAP, Frame.GAP);

        init(EPOCH, 4);
        heartbeat();
        assertThat(requests()).hasSize(2);
    }

    @Test
    void shouldAskForTheSnapshotThatShouldHaveComeFirst() {
        deleted(FIRST, EPOCH, 2);

        assertThat(requests()).containsExactly(Frame.GAP);
    }

    @Test
    void shouldNotTakeAPushTwice() {
        init(EPOCH, 1);
        deleted(FIRST, EPOCH, 2);
        deleted(FIRST, EPOCH, 2);

        assertThat(output.received).hasSize(2);
        assertThat(requests()).isEmpty();
    }

    @Test
    void shouldAskForASnapshotWhenThePortalWasRestored() {
        init(EPOCH, 1);
        deleted(FIRST, EPOCH + 9, 2);

        assertThat(output.epochs).isEqualTo(1);
        assertThat(requests()).containsExactly(Frame.NEW_EPOCH);
    }

    @Test
    void shouldLearnOfARestoredPortalByTheSnapshotOfTheNextConnection() {
        init(EPOCH, 1);
        channel.handleClosed(output.socket(), now);
        now += 2 * SECOND;
        channel.handleTimeout(now);
        connect();
        assertThat(output.epochs).isZero();

        init(EPOCH + 9, 1);

        assertThat(output.epochs).isEqualTo(1);
        assertThat(requests()).isEmpty();
    }

    /** Its numbers begin anew, and so does the duty to begin with a snapshot. */
    @Test
    void shouldTakeTheNumbersOfTheNextConnection() {
        init(EPOCH, 1);
        deleted(FIRST, EPOCH, 2);
        channel.handleClosed(output.socket(), now);
        now += 2 * SECOND;
        channel.handleTimeout(now);
        connect();

        init(EPOCH, 1);
        deleted(SECOND_ONE, EPOCH, 2);

        assertThat(output.received).hasSize(4);
        assertThat(requests()).isEmpty();
    }

    @Test
    void shouldAskNothingOfAPortalThatDoesNotNumberItsPushes() {
        text(ClientCodec.encode(new ResourceDeleted(FIRST), null));
        text(ClientCodec.encode(new ResourceDeleted(FIRST), SluiceExtra.EMPTY));

        assertThat(output.received).hasSize(2);
        assertThat(requests()).isEmpty();
    }

    private void connect() {
        channel.handleOpen(output.socket(), null, now);
        text(Frame.ok(Frame.CLIENT, output.last().ref()));
    }

    private void init(long epoch, long sequence) {
        var tunnel = new ClientInterface("100.64.0.1", "fd00:2021:1111::1", null, List.of());
        push(new ClientInit(tunnel, List.of(), List.of()), epoch, sequence);
    }

    private void deleted(UUID resource, long epoch, long sequence) {
        push(new ResourceDeleted(resource), epoch, sequence);
    }

    private void push(PortalToClient message, long epoch, long sequence) {
        text(ClientCodec.encode(message, SluiceExtra.EMPTY.at(1_767_225_600_000L, epoch, sequence)));
    }

    private void text(Frame frame) {
        channel.handleText(output.socket(), FrameCodec.encode(frame), now);
    }

    private void heartbeat() {
        now += 10 * SECOND;
        channel.handleTimeout(now);
        text(Frame.ok(Frame.PHOENIX, output.last().ref()));
    }

    /** Why snapshots were asked for. */
    private List<String> requests() {
        return output.sent.stream()
                .filter(frame -> frame.event().equals(Frame.SNAPSHOT))
                .map(Frame::reason)
                .toList();
    }
}
