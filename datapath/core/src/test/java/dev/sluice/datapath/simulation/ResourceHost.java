package dev.sluice.datapath.simulation;

import dev.sluice.datapath.wire.IcmpError;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.Packets;
import dev.sluice.datapath.wire.TcpHeader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A host behind the gateways. Answers pings and UDP on every port; TCP on port {@value #WEB} with one answer to one
 * request, and on port {@value #FILES} with a stream whose every piece waits for its acknowledgement; on port
 * {@value #PROHIBITED} it refuses by ICMP, as a firewall beyond the gateway does.
 */
final class ResourceHost {
    static final int WEB = 80;
    static final int FILES = 8080;
    static final int PROHIBITED = 81;

    private static final Duration DELAY = Duration.ofMillis(1);

    private final World world;
    private final String address;
    private final IpPacket packet = new IpPacket();
    private final Map<String, Stream> streams = new HashMap<>();
    private long received;
    private Duration errorInterval = Duration.ZERO;
    private long lastError;

    ResourceHost(World world, String address) {
        this.world = world;
        this.address = address;
    }

    String address() {
        return address;
    }

    /** The packets that reached it. */
    long received() {
        return received;
    }

    /** Bounds the errors that it sends. */
    void errorEvery(Duration interval) {
        errorInterval = interval;
    }

    /** Sends to a client what it did not ask for. */
    void sendUnasked(SimulatedGateway through, String client) {
        through.fromResource(Packets.udp(address, 9, client, 9, new byte[8]));
    }

    void receive(SimulatedGateway through, byte[] bytes) {
        received++;
        packet.wrap(bytes, 0, bytes.length);
        String client = packet.source().toString();
        byte[] payload = Arrays.copyOfRange(bytes, bytes.length - payloadLength(), bytes.length);
        if (packet.destinationPort() == PROHIBITED) {
            if (world.now() - lastError < errorInterval.toNanos()) {
                return;
            }
            lastError = world.now();
            byte[] error = new byte[IcmpError.MAX_LENGTH];
            int length = IcmpError.write(IcmpError.Cause.PROHIBITED, packet, error, 0);
            answer(through, Arrays.copyOf(error, length));
        } else if (packet.isEchoRequest()) {
            answer(through, Packets.echoReply(address, client, payload));
        } else if (packet.isUdp()) {
            answer(through, Packets.udp(address, packet.destinationPort(), client, packet.sourcePort(), payload));
        } else if (packet.isTcp() && packet.isTcpSyn()) {
            answer(through, tcp(client, TcpHeader.SYN | TcpHeader.ACK, 0, new byte[0]));
        } else if (packet.isTcp() && packet.destinationPort() == WEB && payload.length > 0) {
            answer(through, tcp(client, TcpHeader.ACK, 1, payload));
        } else if (packet.isTcp() && packet.destinationPort() == FILES) {
            String flow = client + ":" + packet.sourcePort();
            if (payload.length > 0) {
                int port = packet.sourcePort();
                streams.computeIfAbsent(
                                flow,
                                any -> new Stream(
                                        through,
                                        client,
                                        port,
                                        ByteBuffer.wrap(payload).getInt()))
                        .push();
            } else if (streams.containsKey(flow)) {
                streams.get(flow)
                        .acknowledged(through, TcpHeader.acknowledgmentNumber(bytes, packet.transportOffset()));
            }
        }
    }

    private int payloadLength() {
        int header = packet.isTcp() ? TcpHeader.MIN_LENGTH : 8;
        return Math.max(0, packet.transportLength() - header);
    }

    private byte[] tcp(String client, int flags, int sequence, byte[] payload) {
        int acknowledgment = TcpHeader.sequenceNumber(packet.buffer(), packet.transportOffset()) + 1;
        return Packets.tcp(
                address,
                packet.destinationPort(),
                client,
                packet.sourcePort(),
                flags,
                sequence,
                acknowledgment,
                payload);
    }

    private void answer(SimulatedGateway through, byte[] answer) {
        world.timeline().after(DELAY, () -> through.fromResource(answer));
    }

    /** Sends piece after piece, each again until it is acknowledged, with growing patience. */
    private final class Stream {
        private static final Duration FIRST_PATIENCE = Duration.ofMillis(200);
        /** A connection outlives minutes without an answer (RFC 9293 §3.8.3). */
        private static final int MOST_ATTEMPTS = 400;

        private final String client;
        private final int port;
        private final int pieces;
        private SimulatedGateway through;
        private int piece = 1;
        private int attempts;

        Stream(SimulatedGateway through, String client, int port, int pieces) {
            this.through = through;
            this.client = client;
            this.port = port;
            this.pieces = pieces;
        }

        void acknowledged(SimulatedGateway by, int next) {
            through = by;
            if (next == piece + 1) {
                piece = next;
                attempts = 0;
                push();
            }
        }

        void push() {
            if (piece > pieces || attempts > MOST_ATTEMPTS) {
                return;
            }
            int current = piece;
            through.fromResource(Packets.tcp(address, FILES, client, port, TcpHeader.ACK, piece, 1, new byte[1000]));
            Duration patience = FIRST_PATIENCE.multipliedBy(1L << Math.min(attempts, 3));
            attempts++;
            world.timeline().after(patience, () -> {
                if (piece == current) {
                    push();
                }
            });
        }
    }
}
