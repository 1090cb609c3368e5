package dev.sluice.datapath.connectivity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.Endpoint;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateTest {
    private static final Endpoint IPV4 = Endpoint.parse("192.0.2.7:52625");
    private static final Endpoint IPV6 = Endpoint.parse("[2001:db8::7]:52625");

    @Test
    void shouldComputeKnownPriorities() {
        assertThat(Candidate.local(CandidateType.HOST, IPV6, IPV6, 0).priority())
                .isEqualTo(2_130_706_431L);
        assertThat(Candidate.local(CandidateType.HOST, IPV4, IPV4, 0).priority())
                .isEqualTo(2_130_706_175L);
        assertThat(Candidate.local(CandidateType.HOST, IPV6, IPV6, 1).priority())
                .isEqualTo(2_130_705_919L);
        assertThat(Candidate.local(CandidateType.SERVER_REFLEXIVE, IPV4, IPV4, 0)
                        .priority())
                .isEqualTo(100L << 24 | 32_766L << 8 | 255);
        assertThat(Candidate.local(CandidateType.RELAYED, IPV4, IPV4, 2).priority())
                .isEqualTo(2L << 24 | 16_378L << 8 | 255);
    }

    @Test
    void shouldAskForThePriorityOfAPeerReflexiveCandidateInChecks() {
        assertThat(Candidate.local(CandidateType.HOST, IPV4, IPV4, 0).peerReflexivePriority())
                .isEqualTo(110L << 24 | 65_534L << 8 | 255);
    }

    @Test
    void shouldComputeThePriorityOfAPairAlikeOnBothSides() {
        Candidate client = Candidate.local(CandidateType.HOST, IPV6, IPV6, 0);
        Candidate gateway = Candidate.local(CandidateType.HOST, IPV4, IPV4, 0);
        long priority = (2_130_706_175L << 32) + 2 * 2_130_706_431L + 1;
        assertThat(CandidatePair.priority(client, gateway, Role.CONTROLLING)).isEqualTo(priority);
        assertThat(CandidatePair.priority(gateway, client, Role.CONTROLLED)).isEqualTo(priority);
        assertThat(CandidatePair.priority(gateway, client, Role.CONTROLLING)).isEqualTo(priority - 1);
    }

    @Test
    void shouldFormatAHostCandidateWithoutRelatedAddress() {
        assertThat(new Candidate("1", 2_130_706_175L, IPV4, CandidateType.HOST).format())
                .isEqualTo("candidate:1 1 udp 2130706175 192.0.2.7 52625 typ host");
    }

    @Test
    void shouldFormatOthersWithAZeroedRelatedAddress() {
        assertThat(new Candidate("2", 7, IPV4, CandidateType.SERVER_REFLEXIVE).format())
                .isEqualTo("candidate:2 1 udp 7 192.0.2.7 52625 typ srflx raddr 0.0.0.0 rport 0");
        assertThat(new Candidate("2", 7, IPV6, CandidateType.RELAYED).format())
                .isEqualTo("candidate:2 1 udp 7 2001:db8::7 52625 typ relay raddr :: rport 0");
    }

    @Test
    void shouldParseWhatItFormats() {
        for (CandidateType type : CandidateType.values()) {
            for (Endpoint endpoint : List.of(IPV4, IPV6)) {
                Candidate candidate = Candidate.local(type, endpoint, endpoint, 3);
                assertThat(Candidate.parse(candidate.format())).isEqualTo(candidate);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "candidate:7 1 UDP 7 192.0.2.7 52625 typ host",
                "candidate:7 1 udp 7 192.0.2.7 52625 typ host generation 0 network-cost 999",
                "candidate:7 1 udp 7 192.0.2.7 52625 typ host ufrag abcd",
                "candidate:7 1 udp 7 192.0.2.7 52625 typ host trailing"
            })
    void shouldTolerateUnknownExtensions(String text) {
        assertThat(Candidate.parse(text)).isEqualTo(new Candidate("7", 7, IPV4, CandidateType.HOST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "candidate:",
                "a=candidate:7 1 udp 7 192.0.2.7 52625 typ host",
                "candidate:7 1 udp 7 192.0.2.7 52625 typ",
                "candidate:7 1 udp 7 192.0.2.7 52625 type host",
                "candidate:7 1 udp 7 192.0.2.7 52625 typ bridge",
                "candidate:7 2 udp 7 192.0.2.7 52625 typ host",
                "candidate:7 1 tcp 7 192.0.2.7 52625 typ host",
                "candidate:7 1 udp 0 192.0.2.7 52625 typ host",
                "candidate:7 1 udp 2147483648 192.0.2.7 52625 typ host",
                "candidate:7 1 udp 99999999999999999999 192.0.2.7 52625 typ host",
                "candidate:7 1 udp -7 192.0.2.7 52625 typ host",
                "candidate:7 1 udp 7 192.0.2.7 0 typ host",
                "candidate:7 1 udp 7 192.0.2.7 65536 typ host",
                "candidate:7 1 udp 7 host.local 52625 typ host",
                "candidate:7 1 udp 7 0.0.0.0 52625 typ host",
                "candidate:7 1 udp 7 :: 52625 typ host",
                "candidate:7 1 udp 7 224.0.0.1 52625 typ host",
                "candidate:7 1 udp 7 255.255.255.255 52625 typ host",
                "candidate:7 1 udp 7 169.254.1.1 52625 typ host",
                "candidate:123456789012345678901234567890123 1 udp 7 192.0.2.7 52625 typ host"
            })
    void shouldSkipWhatNoPeerCanUse(String text) {
        assertThat(Candidate.parse(text)).isNull();
    }

    @Test
    void shouldNeverThrowOnAnyText() {
        long seed = 7;
        Random random = new Random(seed);
        String sample = "candidate:7 1 udp 2130706175 2001:db8::7 52625 typ srflx raddr :: rport 0";
        String alphabet = " :.0123456789abcdefudp\u0000é";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder(sample);
            for (int j = random.nextInt(5); j >= 0; j--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    case 1 -> text.deleteCharAt(at);
                    default -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                }
            }
            Candidate.parse(text.toString());
        }
    }

    @Test
    void shouldKeepTheCandidateOfASocketThatStays() {
        HostCandidates host = new HostCandidates();
        Endpoint other = Endpoint.parse("198.51.100.1:52625");
        host.replace(List.of(IPV4, other));
        List<LocalCandidate> before = host.candidates();
        host.replace(List.of(other));
        assertThat(host.candidates()).containsExactly(before.get(1));
        host.replace(List.of(other, Endpoint.parse("203.0.113.1:1"), IPV6));
        assertThat(host.candidates()).contains(before.get(1));
        assertThat(host.candidates())
                .extracting(local -> local.candidate().priority())
                .doesNotHaveDuplicates()
                .contains(2_130_706_175L, 2_130_706_431L);
    }
}
