package dev.sluice.datapath.io.diagnosis;

import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How far the packets of clients to one address get on this host, and the answers to them: from what {@link PacketTap}
 * sees. Packets of the host's own to that address do not count. Address translation may change what it likes but the
 * address that is looked at.
 */
final class Passage implements PacketTap.Observer {
    /** What of a packet translation leaves alone, enough to know it again. */
    private record Content(int protocol, long bytes) {
        /** Behind the ports and checksum (TCP: both sequence numbers; UDP: payload; ICMP echo: sequence number and payload). */
        static Content of(IpPacket packet) {
            int start = packet.transportOffset() + (packet.isTcp() ? 4 : packet.isUdp() ? 8 : 6);
            int length = Math.min(Long.BYTES, packet.transportOffset() + packet.transportLength() - start);
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES);
            if (length > 0) {
                bytes.put(0, packet.buffer(), start, length);
            }
            return new Content(packet.protocol(), bytes.getLong(0));
        }
    }

    /** Who an answer is for. */
    private record Asker(IpAddress address, int protocol, int port) {}

    /** Enough of a fast stream to know some of it again. */
    private static final int MOST_ENTERED = 1_000;

    private final IpAddress resource;
    private final int tunnel;
    private final Set<Content> entered = new HashSet<>();
    private final Set<IpAddress> clients = new HashSet<>();
    private final Set<Asker> askers = new HashSet<>();
    private int outer = -1;
    private boolean translated;
    private boolean answered;
    private boolean delivered;

    /**
     * @param resource where the packets go
     * @param tunnel the index of the tunnel's interface
     */
    Passage(IpAddress resource, int tunnel) {
        this.resource = resource;
        this.tunnel = tunnel;
    }

    @Override
    public void seen(IpPacket packet, int device, boolean outgoing) {
        boolean asks = packet.isTo(resource);
        if (device == tunnel) {
            delivered |= outgoing && !asks;
            if (asks && !outgoing && entered.size() < MOST_ENTERED) {
                entered.add(Content.of(packet));
                clients.add(packet.source());
            }
        } else if (asks && outgoing) {
            left(packet, device);
        } else if (!asks && !outgoing) {
            answered |= askers.contains(new Asker(packet.destination(), packet.protocol(), port(packet, true)));
        }
    }

    private void left(IpPacket packet, int device) {
        if (entered.contains(Content.of(packet))) {
            outer = device;
            translated = !clients.contains(packet.source());
            askers.add(new Asker(packet.source(), packet.protocol(), port(packet, false)));
        }
    }

    private static int port(IpPacket packet, boolean destination) {
        if (packet.isIcmp()) {
            return packet.icmpIdentifier();
        }
        return destination ? packet.destinationPort() : packet.sourcePort();
    }

    /** Whether a client's packet has come out of the tunnel. */
    boolean hasEntered() {
        return !entered.isEmpty();
    }

    /** The index of the interface that one of them has left by. */
    OptionalInt outer() {
        return outer < 0 ? OptionalInt.empty() : OptionalInt.of(outer);
    }

    /** Whether it left with another source than the client's. */
    boolean isTranslated() {
        return translated;
    }

    /** Whether an answer has reached this host. */
    boolean isAnswered() {
        return answered;
    }

    /** Whether an answer has gone into the tunnel. */
    boolean isDelivered() {
        return delivered;
    }
}
