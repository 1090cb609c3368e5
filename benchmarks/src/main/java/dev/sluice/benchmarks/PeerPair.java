package dev.sluice.benchmarks;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.HandshakeInitiation;
import dev.sluice.datapath.wire.TransportData;
import dev.sluice.datapath.wireguard.HandshakeGate;
import dev.sluice.datapath.wireguard.Initiation;
import dev.sluice.datapath.wireguard.KeyPair;
import dev.sluice.datapath.wireguard.Peer;
import dev.sluice.datapath.wireguard.PresharedKey;
import dev.sluice.datapath.wireguard.Timing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Two WireGuard peers with a session between them, at one moment. */
final class PeerPair {
    static final long NOW = 0;

    private static final long SEED = 1;
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));
    private static final Endpoint SOMEWHERE = Endpoint.parse("192.0.2.1:52625");

    private final Peer initiator;
    private final Peer responder;

    private PeerPair(Peer initiator, Peer responder) {
        this.initiator = initiator;
        this.responder = responder;
    }

    /** What a pair begins with: made once, for making keys is no part of a handshake. */
    static final class Keys {
        private final RandomGenerator random = new Random(SEED);
        private final KeyPair initiator = KeyPair.generate(random);
        private final KeyPair responder = KeyPair.generate(random);
    }

    static PeerPair connected() {
        return connected(new Keys());
    }

    static PeerPair connected(Keys keys) {
        Timing timing = Timing.standard();
        Peer initiator = peer(keys.initiator, keys.responder, 1, keys.random);
        Peer responder = peer(keys.responder, keys.initiator, 2, keys.random);
        HandshakeGate gate = new HandshakeGate(keys.responder, timing, keys.random);

        Sent sent = new Sent();
        initiator.initiate(NOW, sent::take);
        check(gate.admit(sent.bytes, 0, HandshakeInitiation.LENGTH, SOMEWHERE, NOW, sent::take));
        Initiation initiation = gate.open(sent.bytes, 0);
        if (initiation == null) {
            throw new IllegalStateException("the initiation was refused");
        }
        check(responder.handleInitiation(initiation, NOW, sent::take));
        check(initiator.handleResponse(sent.bytes, 0, sent.bytes.length, NOW, sent::take));
        check(responder.open(sent.bytes, 0, sent.bytes.length, new byte[TransportData.OVERHEAD], 0, NOW));
        return new PeerPair(initiator, responder);
    }

    Peer initiator() {
        return initiator;
    }

    Peer responder() {
        return responder;
    }

    private static Peer peer(KeyPair own, KeyPair remote, int index, RandomGenerator random) {
        return new Peer(own, remote.publicKey(), PresharedKey.NONE, index, Timing.standard(), random, CLOCK);
    }

    private static void check(int result) {
        if (result < 0) {
            throw new IllegalStateException("the handshake failed: " + result);
        }
    }

    /** The last message that was sent. */
    private static final class Sent {
        private byte[] bytes = {};

        void take(byte[] buffer, int offset, int length) {
            bytes = Arrays.copyOfRange(buffer, offset, offset + length);
        }
    }
}
