package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.HandshakeInitiation;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.WireGuardMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Two devices on one virtual clock, and between them a seeded network that delays, loses, reorders and duplicates. */
final class DevicePair {
    static final long SECOND = 1_000_000_000;
    static final long MILLISECOND = 1_000_000;

    /** What the network does to a datagram. */
    record Weather(long delay, long jitter, double loss, double duplication) {
        static final Weather FINE = new Weather(10 * MILLISECOND, 0, 0, 0);
    }

    private record Arrival(long at, long sequence, Endpoint source, Endpoint destination, byte[] datagram) {}

    final Host left;
    final Host right;
    final List<byte[]> wiretap = new ArrayList<>();
    Weather weather = Weather.FINE;
    long now;

    private final Random random;
    private final Map<Endpoint, Host> hosts = new HashMap<>();
    private final PriorityQueue<Arrival> network =
            new PriorityQueue<>(Comparator.comparingLong(Arrival::at).thenComparingLong(Arrival::sequence));
    private long sequence;

    DevicePair(long seed) {
        this(seed, Timing.standard(), 0);
    }

    /** @param keepalive persistent keepalive of the left device in seconds */
    DevicePair(long seed, Timing timing, int keepalive) {
        random = new Random(seed);
        KeyPair leftKeys = KeyPair.generate(random);
        KeyPair rightKeys = KeyPair.generate(random);
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        PresharedKey presharedKey = PresharedKey.of(secret);
        Endpoint leftHome = Endpoint.parse("192.0.2.1:1000");
        Endpoint rightHome = Endpoint.parse("[2001:db8::2]:2000");
        WireGuardConfig.PeerConfig rightPeer = new WireGuardConfig.PeerConfig(
                rightKeys.publicKey(), presharedKey, rightHome, null, List.of(IpPrefix.parse("10.0.0.2")), keepalive);
        WireGuardConfig.PeerConfig leftPeer = new WireGuardConfig.PeerConfig(
                leftKeys.publicKey(),
                presharedKey,
                null,
                null,
                List.of(IpPrefix.parse("10.0.0.1"), IpPrefix.parse("fd00::/64")),
                0);
        left = new Host(
                leftHome,
                new WireGuardConfig(
                        leftKeys,
                        0,
                        0,
                        List.of(),
                        1420,
                        new WireGuardConfig.Routing.Automatic(),
                        List.of(),
                        List.of(rightPeer)),
                timing);
        right = new Host(
                rightHome,
                new WireGuardConfig(
                        rightKeys,
                        0,
                        0,
                        List.of(),
                        1420,
                        new WireGuardConfig.Routing.Automatic(),
                        List.of(),
                        List.of(leftPeer)),
                timing);
    }

    /** Lets time pass: datagrams arrive and timeouts happen when they are due. */
    void pass(long span) {
        long end = now + span;
        while (true) {
            long arrival = network.isEmpty() ? Long.MAX_VALUE : network.peek().at;
            long timeout = Math.min(left.device.nextTimeout(), right.device.nextTimeout());
            if (Math.min(arrival, timeout) > end) {
                break;
            }
            now = Math.max(now, Math.min(arrival, timeout));
            if (arrival <= timeout) {
                Arrival next = network.remove();
                Host host = hosts.get(next.destination);
                if (host != null) {
                    host.device.handleDatagram(
                            next.destination, next.source, next.datagram, 0, next.datagram.length, now);
                }
            } else {
                left.device.handleTimeout(now);
                right.device.handleTimeout(now);
            }
        }
        now = end;
    }

    /** Puts a datagram on the wire as it is, from anywhere. */
    void inject(Endpoint source, Host to, byte[] datagram) {
        network.add(new Arrival(now, sequence++, source, to.endpoint, datagram));
    }

    /** A UDP packet over IPv4 that carries a number, so that it can be told from all others. */
    static byte[] packet(String source, String destination, int number, int length) {
        byte[] packet = new byte[length];
        packet[0] = 0x45;
        packet[2] = (byte) (length >>> 8);
        packet[3] = (byte) length;
        packet[8] = 64;
        packet[9] = 17;
        IpAddress.parse(source).write(packet, 12);
        IpAddress.parse(destination).write(packet, 16);
        packet[24] = (byte) (length - 20 >>> 8);
        packet[25] = (byte) (length - 20);
        for (int i = 0; i < 4; i++) {
            packet[28 + i] = (byte) (number >>> 8 * (3 - i));
        }
        return packet;
    }

    static int number(byte[] packet) {
        return (packet[28] & 0xff) << 24 | (packet[29] & 0xff) << 16 | (packet[30] & 0xff) << 8 | packet[31] & 0xff;
    }

    final class Host implements Device.Output {
        final Device device;
        final List<byte[]> delivered = new ArrayList<>();
        Endpoint endpoint;
        int initiations;
        /** Which of its addresses the last datagram was to leave from; null for any. */
        @Nullable Endpoint leftFrom;

        Host(Endpoint endpoint, WireGuardConfig config, Timing timing) {
            this.endpoint = endpoint;
            hosts.put(endpoint, this);
            device = new Device(config, timing, random, () -> Instant.ofEpochSecond(1_700_000_000, now), this, now);
        }

        /** From now on it is at another address, and the old one leads nowhere. */
        void move(String to) {
            hosts.remove(endpoint);
            endpoint = Endpoint.parse(to);
            hosts.put(endpoint, this);
        }

        void send(int number) {
            send(number, 100);
        }

        void send(int number, int length) {
            byte[] packet = this == left
                    ? packet("10.0.0.1", "10.0.0.2", number, length)
                    : packet("10.0.0.2", "10.0.0.1", number, length);
            device.handlePacket(packet, 0, packet.length, now);
        }

        @Override
        public void transmit(@Nullable Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
            leftFrom = local;
            byte[] datagram = Arrays.copyOfRange(buffer, offset, offset + length);
            wiretap.add(datagram);
            if (WireGuardMessage.type(datagram, 0, length) == HandshakeInitiation.TYPE) {
                initiations++;
            }
            int copies = random.nextDouble() < weather.loss ? 0 : random.nextDouble() < weather.duplication ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                long delay = weather.delay + (weather.jitter == 0 ? 0 : random.nextLong(weather.jitter));
                network.add(new Arrival(now + delay, sequence++, endpoint, remote, datagram));
            }
        }

        @Override
        public void deliver(byte[] buffer, int offset, int length) {
            delivered.add(Arrays.copyOfRange(buffer, offset, offset + length));
        }

        List<Integer> numbers() {
            return delivered.stream().map(DevicePair::number).toList();
        }
    }
}
