package dev.sluice.datapath.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PeerTest {
    private final TwoPeers peers = new TwoPeers();

    @Test
    void shouldAgreeOnASessionThatBothCanUse() {
        peers.alice.initiate();
        peers.exchange();

        peers.alice.data((byte) 1, (byte) 2, (byte) 3);
        peers.bob.data((byte) 4);
        peers.exchange();

        assertThat(peers.bob.received).containsExactly(new byte[] {1, 2, 3});
        assertThat(peers.alice.received).containsExactly(new byte[] {4});
        assertThat(peers.bob.keepalives).isEqualTo(1);
        assertThat(peers.alice.results).allMatch(result -> result >= 0);
    }
}
