package dev.sluice.datapath.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Reason;
import dev.sluice.channel.Resource;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wire.Packets;
import dev.sluice.datapath.wireguard.Timing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PendingFlowsTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<UUID> asks = new ArrayList<>();
    private final List<IpPacket> answers = new ArrayList<>();
    private final List<byte[]> sent = new ArrayList<>();
    private final PacketLedger ledger = new PacketLedger();
    private final Denials denials = new Denials(
            ledger,
            InstantSource.fixed(Instant.EPOCH),
            (buffer, offset, length, segmentSize) ->
                    answers.add(Packets.wrapped(Arrays.copyOfRange(buffer, offset, offset + length))));
    private final PendingFlows pending = new PendingFlows(
            Timing.connection(),
            ledger,
            denials,
            asks::add,
            (resource, buffer, offset, length, now) -> sent.add(buffer));
    private final ClientResource resource = new ClientResource(
            new Resource.Cidr(new UUID(0, 1), "network", "172.20.0.0/16", null, List.of(), List.of()));
    private int port;

    @Test
    void shouldAskAtOnceAndRepeatWithPacketsEveryTwoSeconds() {
        for (long time = 0; time < 4_900; time += 100) {
            accept(time * SECOND / 1_000);
        }

        assertThat(asks).hasSize(3);
        assertThat(ledger.held()).isEqualTo(49);
    }

    @Test
    void shouldNotRepeatWithoutPackets() {
        accept(0);
        for (long time = 0; time < 5; time++) {
            pending.handleTimeout(time * SECOND);
        }

        assertThat(asks).hasSize(1);
    }

    @Test
    void shouldHandOverWhatWaited() {
        accept(0);
        accept(1);
        pending.granted(resource, SECOND);

        assertThat(sent).hasSize(2);
        assertThat(ledger.held()).isZero();
        assertThat(pending.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldAnswerWhatWaitedAndWhatComesUntilTheNextAsk() {
        accept(0);
        pending.refused(resource, Detail.of(Reason.NO_POLICY));
        accept(SECOND);

        assertThat(answers).hasSize(2).allMatch(IpPacket::isIcmpProhibited);
        assertThat(ledger.dropped(DropReason.DENIED)).isEqualTo(2);
        assertThat(asks).hasSize(1);

        accept(2 * SECOND);

        assertThat(asks).hasSize(2);
        assertThat(ledger.held()).isEqualTo(1);
    }

    @Test
    void shouldKeepTwoSecondsBetweenAsksWhenNoGatewayIsThere() {
        for (long time = 0; time < 10_000; time += 10) {
            pending.handleTimeout(time * SECOND / 1_000);
            accept(time * SECOND / 1_000);
            pending.refused(resource, Detail.of(Reason.GATEWAY_OFFLINE));
        }

        assertThat(asks).hasSize(5);
        assertThat(answers).hasSize(1_000).noneMatch(IpPacket::isIcmpProhibited);
    }

    @Test
    void shouldAnswerAfterFiveSecondsOfSilence() {
        accept(0);
        assertThat(pending.nextTimeout()).isEqualTo(5 * SECOND);
        pending.handleTimeout(5 * SECOND);

        assertThat(answers).singleElement().matches(IpPacket::isIcmpError).matches(error -> !error.isIcmpProhibited());
        assertThat(resource.lastDenial().detail().reason()).isEqualTo(Reason.GATEWAY_OFFLINE);
    }

    @Test
    void shouldNotAskSoonerThanTwoSecondsAfterAnAskThatWasInVain() {
        accept(0);
        accept(2 * SECOND);
        accept(4 * SECOND);
        pending.handleTimeout(5 * SECOND);
        accept(5 * SECOND + SECOND / 2);
        assertThat(asks).hasSize(3);

        pending.handleTimeout(6 * SECOND);
        accept(6 * SECOND);
        assertThat(asks).hasSize(4);
    }

    @Test
    void shouldAnswerWithTheReasonThatEndedAccess() {
        accept(0);
        pending.ended(resource, Detail.of(Reason.POLICY_DISABLED));

        assertThat(answers).singleElement().matches(IpPacket::isIcmpProhibited);
        assertThat(denials.last().detail().reason()).isEqualTo(Reason.POLICY_DISABLED);
        assertThat(ledger.counts().balanced()).isTrue();
    }

    /** A new packet each time. */
    private void accept(long now) {
        ledger.receive();
        port++;
        pending.accept(
                resource, Packets.wrapped(Packets.udp("100.64.0.1", 1 + port, "172.20.0.1", 7, new byte[4])), now);
    }
}
