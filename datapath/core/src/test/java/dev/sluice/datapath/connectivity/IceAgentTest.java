package dev.sluice.datapath.connectivity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.StunIntegrity;
import dev.sluice.datapath.wire.StunMessage;
import dev.sluice.datapath.wire.StunWriter;
import dev.sluice.datapath.wireguard.Timing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A controlled agent, and a peer that is written by hand. */
class IceAgentTest {
    private static final long MILLISECOND = 1_000_000;
    private static final int INDEX = 0xabcdef;
    private static final Endpoint LOCAL = Endpoint.parse("10.0.0.2:2");
    private static final Endpoint REMOTE = Endpoint.parse("10.0.0.1:1");
    private static final Endpoint OTHER = Endpoint.parse("10.0.0.1:3");
    private static final IceCredentials OWN = new IceCredentials("gate", "password of the gateway");
    private static final IceCredentials PEERS = new IceCredentials("clie", "password of the client");

    private final List<Sent> sent = new ArrayList<>();
    private final StunWriter writer = new StunWriter();
    private final StunIntegrity ownKey = key(OWN);
    private final StunIntegrity peersKey = key(PEERS);
    private final IceAgent agent = new IceAgent(
            Role.CONTROLLED,
            INDEX,
            OWN,
            PEERS,
            Timing.connection(),
            new Random(1),
            new StunWriter(),
            (local, remote, buffer, offset, length) ->
                    sent.add(new Sent(local, remote, Arrays.copyOfRange(buffer, offset, offset + length))));
    private long now = -7;

    IceAgentTest() {
        agent.locals(List.of(host(LOCAL)), now);
    }

    @Test
    void shouldWriteAWholeCheck() {
        agent.addRemote(remote(REMOTE), now);
        StunMessage check = sent.getFirst().message();
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().remote()).isEqualTo(REMOTE);
        assertThat(check.type()).isEqualTo(StunMessage.BINDING_REQUEST);
        assertThat(check.transactionHigh() >>> 8).isEqualTo(INDEX);
        assertThat(check.username()).isEqualTo("clie:gate");
        assertThat(check.priority()).isEqualTo(110L << 24 | 65_534L << 8 | 255);
        assertThat(check.controlled()).isTrue();
        assertThat(check.useCandidate()).isFalse();
        assertThat(peersKey.verify(check)).isTrue();
        assertThat(check.fingerprintMatches()).isTrue();
    }

    @Test
    void shouldRepeatAnUnansweredCheckFasterAndThenSteadily() {
        agent.addRemote(remote(REMOTE), now);
        List<Long> pauses = new ArrayList<>();
        while (agent.state() == IceAgent.State.CHECKING) {
            long next = agent.nextTimeout();
            pauses.add((next - now) / MILLISECOND);
            now = next;
            agent.handleTimeout(now);
        }
        assertThat(pauses)
                .containsExactly(250L, 500L, 1000L, 1500L, 1500L, 1500L, 1500L, 1500L, 1500L, 1500L, 1500L, 1500L);
        assertThat(sent).hasSize(12);
        assertThat(agent.state()).isEqualTo(IceAgent.State.DISCONNECTED);
        assertThat(agent.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldAnswerARequestAndCheckItsSource() {
        assertThat(request(REMOTE, false)).isNull();
        assertThat(sent).hasSize(2);
        StunMessage answer = sent.getFirst().message();
        assertThat(answer.type()).isEqualTo(StunMessage.BINDING_SUCCESS);
        assertThat(answer.mappedAddress()).isEqualTo(REMOTE);
        assertThat(ownKey.verify(answer)).isTrue();
        assertThat(sent.getLast().message().type()).isEqualTo(StunMessage.BINDING_REQUEST);
    }

    @Test
    void shouldSelectAPathOnlyWhenItIsNominatedAndItsOwnCheckSucceeded() {
        request(REMOTE, true);
        assertThat(agent.path()).isNull();
        answerLastCheck(REMOTE);
        assertThat(agent.path()).isEqualTo(new Path(LOCAL, REMOTE));
        assertThat(agent.pathTypes()).isEqualTo("host/prflx");
    }

    @Test
    void shouldFollowAFirstNominationToAPairOfLowerPriority() {
        twoPairs();
        request(REMOTE, true);
        assertThat(agent.path()).isEqualTo(new Path(LOCAL, REMOTE));
        now += 600 * MILLISECOND;
        request(OTHER, true);
        assertThat(agent.path()).isEqualTo(new Path(LOCAL, OTHER));
    }

    @Test
    void shouldTakeTheBestOfThePairsThatAreNominatedAgainAndAgain() {
        twoPairs();
        for (int i = 0; i < 3; i++) {
            request(REMOTE, true);
            now += 600 * MILLISECOND;
            request(OTHER, true);
            now += 600 * MILLISECOND;
        }
        assertThat(agent.path()).isEqualTo(new Path(LOCAL, REMOTE));
    }

    @Test
    void shouldKeepAnAddressThatWasToldAsTwoTypesUntilBothAreTakenBack() {
        Candidate reflexive = new Candidate("2", 1_694_498_815, REMOTE, CandidateType.SERVER_REFLEXIVE);
        agent.addRemote(reflexive, now);
        agent.addRemote(remote(REMOTE), now);
        answerLastCheck(REMOTE);
        request(REMOTE, true);
        assertThat(agent.pathTypes()).isEqualTo("host/host");

        agent.removeRemote(reflexive, now);
        assertThat(agent.path()).isEqualTo(new Path(LOCAL, REMOTE));
        agent.addRemote(reflexive, now);
        agent.removeRemote(remote(REMOTE), now);
        assertThat(agent.pathTypes()).isEqualTo("host/srflx");
        agent.removeRemote(reflexive, now);
        assertThat(agent.path()).isNull();
    }

    @Test
    void shouldTakeNoNewsForACandidateThatItHasNoRoomFor() {
        for (int i = 0; i < CheckList.MOST_REMOTE_CANDIDATES; i++) {
            assertThat(agent.addRemote(remote(Endpoint.parse("10.4.0." + i + ":1")), now))
                    .isTrue();
        }
        assertThat(agent.addRemote(remote(Endpoint.parse("10.4.1.0:1")), now)).isFalse();
        assertThat(agent.addRemote(remote(Endpoint.parse("10.4.0.0:1")), now)).isFalse();
    }

    @Test
    void shouldRefuseARequestWithAnAttributeThatMustBeUnderstood() {
        begin(false);
        writer.unknownAttributes(new int[0]);
        writer.buffer()[writer.length() - 4] = 0x7f;
        writer.integrity(ownKey).fingerprint();
        assertThat(handle(REMOTE)).isNull();
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().message().errorCode()).isEqualTo(420);
    }

    @Test
    void shouldNotHeedARequestUnderAnotherPassword() {
        begin(true).integrity(peersKey).fingerprint();
        assertThat(handle(REMOTE)).isEqualTo(DropReason.FORGED);
        assertThat(sent).isEmpty();
    }

    @Test
    void shouldNotHeedARequestOfAnAgentThatIsControlledToo() {
        writer.begin(StunMessage.BINDING_REQUEST, 1, 2)
                .username("gate:clie")
                .priority(7)
                .controlled(1)
                .integrity(ownKey)
                .fingerprint();
        assertThat(handle(REMOTE)).isEqualTo(DropReason.MALFORMED);
        assertThat(sent).isEmpty();
    }

    @Test
    void shouldNotHeedARequestToASocketThatIsNoCandidate() {
        begin(false).integrity(ownKey).fingerprint();
        StunMessage message = new StunMessage();
        message.wrap(writer.buffer(), 0, writer.length());
        assertThat(agent.handleMessage(OTHER, REMOTE, message, now)).isEqualTo(DropReason.WRONG_DESTINATION);
    }

    @Test
    void shouldNotHeedAnAnswerFromElsewhere() {
        agent.addRemote(remote(REMOTE), now);
        StunMessage check = sent.getLast().message();
        assertThat(answer(check, OTHER, peersKey)).isEqualTo(DropReason.WRONG_SOURCE);
        assertThat(answer(check, REMOTE, ownKey)).isEqualTo(DropReason.FORGED);
        assertThat(answer(check, REMOTE, peersKey)).isNull();
        assertThat(answer(check, REMOTE, peersKey)).isEqualTo(DropReason.UNKNOWN_STUN);
    }

    @Test
    void shouldKeepABoundedNumberOfPairsAndTheBestOfThem() {
        agent.locals(
                IntStream.range(0, 4)
                        .mapToObj(i -> host(Endpoint.parse("10.0.1." + i + ":1")))
                        .toList(),
                now);
        for (int i = 0; i < 50; i++) {
            Endpoint endpoint = Endpoint.parse("10.2.0." + i + ":1");
            agent.addRemote(new Candidate("1", 1_000 + i, endpoint, CandidateType.HOST), now);
        }
        sent.clear();
        now += 250 * MILLISECOND;
        agent.handleTimeout(now);
        assertThat(sent).hasSize(CheckList.MOST_PAIRS);
        assertThat(sent).noneMatch(check -> check.remote().equals(Endpoint.parse("10.2.0.0:1")));
    }

    @Test
    void shouldKeepFewPeerReflexiveCandidates() {
        for (int i = 0; i < 50; i++) {
            request(Endpoint.parse("10.3.0." + i + ":1"), false);
        }
        long checks = sent.stream()
                .filter(message -> message.message().type() == StunMessage.BINDING_REQUEST)
                .count();
        assertThat(checks).isEqualTo(CheckList.MOST_PEER_REFLEXIVE);
    }

    @Test
    void shouldPairNoCandidatesOfDifferentFamilies() {
        agent.addRemote(remote(Endpoint.parse("[2001:db8::1]:1")), now);
        assertThat(sent).isEmpty();
        assertThat(agent.state()).isEqualTo(IceAgent.State.NEW);
    }

    /** Two pairs that work, the one with {@link #REMOTE} of higher priority. */
    private void twoPairs() {
        agent.addRemote(new Candidate("1", 2_000_000_000, REMOTE, CandidateType.HOST), now);
        answerLastCheck(REMOTE);
        agent.addRemote(new Candidate("1", 1_000_000_000, OTHER, CandidateType.HOST), now);
        answerLastCheck(OTHER);
    }

    private DropReason request(Endpoint source, boolean nominates) {
        begin(nominates).integrity(ownKey).fingerprint();
        return handle(source);
    }

    private StunWriter begin(boolean nominates) {
        writer.begin(StunMessage.BINDING_REQUEST, 1, 2)
                .username("gate:clie")
                .priority(1_862_270_975)
                .controlling(1);
        return nominates ? writer.useCandidate() : writer;
    }

    private void answerLastCheck(Endpoint from) {
        assertThat(answer(sent.getLast().message(), from, peersKey)).isNull();
    }

    private DropReason answer(StunMessage check, Endpoint from, StunIntegrity key) {
        writer.begin(StunMessage.BINDING_SUCCESS, check.transactionHigh(), check.transactionLow())
                .mappedAddress(LOCAL)
                .integrity(key)
                .fingerprint();
        return handle(from);
    }

    private DropReason handle(Endpoint source) {
        StunMessage message = new StunMessage();
        assertThat(message.wrap(writer.buffer(), 0, writer.length())).isTrue();
        return agent.handleMessage(LOCAL, source, message, now);
    }

    private static LocalCandidate host(Endpoint endpoint) {
        return new LocalCandidate(Candidate.local(CandidateType.HOST, endpoint, endpoint, 0), endpoint);
    }

    private static Candidate remote(Endpoint endpoint) {
        return new Candidate("1", 2_130_706_175, endpoint, CandidateType.HOST);
    }

    private static StunIntegrity key(IceCredentials credentials) {
        return new StunIntegrity(credentials.password().getBytes(StandardCharsets.UTF_8));
    }

    private record Sent(Endpoint local, Endpoint remote, byte[] bytes) {
        StunMessage message() {
            StunMessage message = new StunMessage();
            assertThat(message.wrap(bytes, 0, bytes.length)).isTrue();
            return message;
        }
    }
}
