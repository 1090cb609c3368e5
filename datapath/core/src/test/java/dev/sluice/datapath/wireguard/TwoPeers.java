package dev.sluice.datapath.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.CookieReply;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.HandshakeInitiation;
import dev.sluice.datapath.wire.HandshakeResponse;
import dev.sluice.datapath.wire.TransportData;
import dev.sluice.datapath.wire.WireGuardMessage;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Two peers on one virtual clock, and everything that either sent, to be delivered, kept or lost as a test likes. */
final class TwoPeers {
    static final long SECOND = 1_000_000_000;

    final Side alice;
    final Side bob;
    long now = -5 * SECOND;

    TwoPeers() {
        this(Timing.standard(), 1);
    }

    TwoPeers(Timing timing, long seed) {
        RandomGenerator random = new Random(seed);
        KeyPair aliceKeys = KeyPair.generate(random);
        KeyPair bobKeys = KeyPair.generate(random);
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        PresharedKey presharedKey = PresharedKey.of(secret);
        alice = new Side("alice", aliceKeys, bobKeys.publicKey(), presharedKey, 0xaaaaaa, timing, random);
        bob = new Side("bob", bobKeys, aliceKeys.publicKey(), presharedKey, 0xbbbbbb, timing, random);
    }

    /** Alice initiates, everything is delivered, and both have a session. */
    static TwoPeers connected() {
        TwoPeers peers = new TwoPeers();
        peers.alice.initiate();
        peers.exchange();
        return peers;
    }

    /** Delivers what both have sent, and what they send because of it, until nothing is on its way. */
    void exchange() {
        while (!alice.sent.isEmpty() || !bob.sent.isEmpty()) {
            bob.receiveAll(alice);
            alice.receiveAll(bob);
        }
    }

    /** Lets time pass; timeouts happen when they are due, and what is sent arrives at once. */
    void pass(long span) {
        run(span, message -> true);
    }

    /** Lets time pass, delivering only what {@code delivered} accepts. */
    void run(long span, Predicate<byte[]> delivered) {
        long end = now + span;
        while (true) {
            long next = Math.min(alice.peer.nextTimeout(), bob.peer.nextTimeout());
            if (next > end) {
                break;
            }
            now = Math.max(now, next);
            alice.timeout();
            bob.timeout();
            deliver(delivered);
        }
        now = end;
    }

    private void deliver(Predicate<byte[]> delivered) {
        while (!alice.sent.isEmpty() || !bob.sent.isEmpty()) {
            alice.sent.removeIf(delivered.negate());
            bob.sent.removeIf(delivered.negate());
            bob.receiveAll(alice);
            alice.receiveAll(bob);
        }
    }

    Instant wallClock() {
        return Instant.EPOCH.plusSeconds(1_700_000_000).plusNanos(now);
    }

    /** A peer with its gate, what it sent and what it received. */
    final class Side {
        final String name;
        final KeyPair keys;
        final Peer peer;
        final HandshakeGate gate;
        final Deque<byte[]> sent = new ArrayDeque<>();
        final List<byte[]> received = new ArrayList<>();
        final List<Integer> results = new ArrayList<>();
        final Endpoint endpoint;
        int keepalives;
        int initiations;

        Side(
                String name,
                KeyPair keys,
                PublicKey remote,
                PresharedKey presharedKey,
                int index,
                Timing timing,
                RandomGenerator random) {
            this.name = name;
            this.keys = keys;
            endpoint = Endpoint.parse(name.equals("alice") ? "192.0.2.1:1000" : "[2001:db8::2]:2000");
            peer = new Peer(keys, remote, presharedKey, index, timing, random, TwoPeers.this::wallClock);
            gate = new HandshakeGate(keys, timing, random);
        }

        void send(byte[] buffer, int offset, int length) {
            if (WireGuardMessage.type(buffer, offset, length) == HandshakeInitiation.TYPE) {
                initiations++;
            }
            sent.add(Arrays.copyOfRange(buffer, offset, offset + length));
        }

        void initiate() {
            peer.initiate(now, this::send);
        }

        void timeout() {
            peer.handleTimeout(now, this::send);
        }

        /** Seals and sends; the result is that of sealing. */
        int data(byte... packet) {
            byte[] out = new byte[packet.length + TransportData.OVERHEAD];
            int length = peer.seal(packet, 0, packet.length, out, 0, now);
            if (length >= 0) {
                assertThat(length).isEqualTo(out.length);
                sent.add(out);
            }
            return length;
        }

        /** Seals and hands the datagram over without sending it. */
        byte[] sealed(byte... packet) {
            assertThat(data(packet)).isPositive();
            return sent.removeLast();
        }

        void receiveAll(Side other) {
            while (!other.sent.isEmpty()) {
                receive(other.sent.removeFirst(), other.endpoint);
            }
        }

        int receive(byte[] datagram) {
            return receive(datagram, (this == alice ? bob : alice).endpoint);
        }

        int receive(byte[] datagram, Endpoint source) {
            int result = handle(datagram, source);
            results.add(result);
            return result;
        }

        private int handle(byte[] datagram, Endpoint source) {
            int length = datagram.length;
            switch (WireGuardMessage.type(datagram, 0, length)) {
                case HandshakeInitiation.TYPE -> {
                    int admitted = gate.admit(datagram, 0, length, source, now, this::send);
                    if (admitted < 0) {
                        return admitted;
                    }
                    Initiation initiation = gate.open(datagram, 0);
                    return initiation == null ? Failure.FORGED : peer.handleInitiation(initiation, now, this::send);
                }
                case HandshakeResponse.TYPE -> {
                    int admitted = gate.admit(datagram, 0, length, source, now, this::send);
                    return admitted < 0 ? admitted : peer.handleResponse(datagram, 0, length, now, this::send);
                }
                case CookieReply.TYPE -> {
                    return peer.handleCookieReply(datagram, 0, length, now);
                }
                default -> {
                    byte[] out = new byte[Math.max(length, 64)];
                    int opened = peer.open(datagram, 0, length, out, 0, now);
                    if (opened > 0) {
                        received.add(Arrays.copyOf(out, opened));
                    } else if (opened == 0) {
                        keepalives++;
                    }
                    return opened;
                }
            }
        }
    }
}
