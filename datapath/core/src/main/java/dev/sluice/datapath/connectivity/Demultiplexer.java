package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.ControlPacket;
import dev.sluice.datapath.wire.CookieReply;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.HandshakeInitiation;
import dev.sluice.datapath.wire.HandshakeResponse;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.Ipv6Header;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wire.StunMessage;
import dev.sluice.datapath.wire.TransportData;
import dev.sluice.datapath.wire.WireGuardMessage;
import dev.sluice.datapath.wireguard.HandshakeGate;
import dev.sluice.datapath.wireguard.Initiation;

/**
 * Leads every datagram to its connection, by what it says and never by where it comes from: WireGuard first, by the
 * receiver index, and an initiation by the initiator's key; then a connectivity check by its username, and an answer to
 * one by its transaction id.
 */
final class Demultiplexer {
    private final Connections owner;
    private final ConnectionTable connections;
    private final PacketLedger ledger;
    private final StunMessage stun = new StunMessage();
    private final IpPacket inner = new IpPacket();
    private final HandshakeGate gate;

    Demultiplexer(Connections owner, ConnectionTable connections, HandshakeGate gate) {
        this.owner = owner;
        this.connections = connections;
        this.ledger = owner.ledger();
        this.gate = gate;
    }

    void handle(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length, long now) {
        switch (WireGuardMessage.type(buffer, offset, length)) {
            case TransportData.TYPE -> handleData(buffer, offset, length, now);
            case HandshakeInitiation.TYPE -> handleInitiation(local, remote, buffer, offset, length, now);
            case HandshakeResponse.TYPE -> handleResponse(local, remote, buffer, offset, length, now);
            case CookieReply.TYPE -> handleCookieReply(buffer, offset, length, now);
            default -> handleStun(local, remote, buffer, offset, length, now);
        }
    }

    private void handleData(byte[] buffer, int offset, int length, long now) {
        if (length < TransportData.OVERHEAD) {
            ledger.drop(DropReason.MALFORMED);
            return;
        }
        Connection connection = connections.ofIndex(TransportData.receiverIndex(buffer, offset));
        if (connection == null) {
            ledger.drop(DropReason.UNKNOWN_INDEX);
            return;
        }
        int packetLength = connection.open(buffer, offset, length, now);
        int packet = offset + TransportData.ENCRYPTED_PACKET_FIELD_OFFSET;
        if (packetLength <= 0) {
            owner.settle(packetLength);
        } else if (isControl(buffer, packet, packetLength)) {
            handleControl(connection);
        } else {
            ledger.deliver();
            owner.arrivals().add(connection, buffer, packet, packetLength);
        }
    }

    private boolean isControl(byte[] buffer, int packet, int length) {
        return length >= Ipv6Header.LENGTH
                && buffer[packet] >>> 4 == 6
                && (buffer[packet + Ipv6Header.NEXT_HEADER_FIELD_OFFSET] & 0xff) == ControlPacket.NEXT_HEADER
                && inner.wrap(buffer, packet, length) == IpPacket.Status.VALID
                && ControlPacket.matches(inner);
    }

    /** Control packets are for this end of the connection; those of a kind that is not known say nothing. */
    private void handleControl(Connection connection) {
        ledger.consume();
        if (ControlPacket.event(inner) == ControlPacket.GOODBYE) {
            owner.arrivals().flush();
            owner.fail(connection, Failure.GOODBYE);
        }
    }

    private void handleInitiation(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length, long now) {
        if (!admits(local, remote, buffer, offset, length, now)) {
            return;
        }
        Initiation initiation = gate.open(buffer, offset);
        if (initiation == null) {
            ledger.drop(DropReason.FORGED);
            return;
        }
        Connection connection = connections.of(initiation.initiator());
        if (connection == null) {
            ledger.drop(DropReason.UNKNOWN_PEER);
        } else {
            connection.handleInitiation(initiation, now);
        }
    }

    private void handleResponse(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length, long now) {
        if (!admits(local, remote, buffer, offset, length, now)) {
            return;
        }
        Connection connection = connections.ofIndex(HandshakeResponse.receiverIndex(buffer, offset));
        if (connection == null) {
            ledger.drop(DropReason.UNKNOWN_INDEX);
        } else {
            owner.settle(connection.handleResponse(buffer, offset, length, now));
        }
    }

    private void handleCookieReply(byte[] buffer, int offset, int length, long now) {
        if (length != CookieReply.LENGTH) {
            ledger.drop(DropReason.MALFORMED);
            return;
        }
        Connection connection = connections.ofIndex(CookieReply.receiverIndex(buffer, offset));
        if (connection == null) {
            ledger.drop(DropReason.UNKNOWN_INDEX);
        } else {
            owner.settle(connection.handleCookieReply(buffer, offset, length, now));
        }
    }

    /** Whether a handshake message passes the gate; a cookie goes back where it came from. */
    private boolean admits(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length, long now) {
        int result = gate.admit(
                buffer,
                offset,
                length,
                remote,
                now,
                (reply, replyOffset, replyLength) -> owner.originate(local, remote, reply, replyOffset, replyLength));
        if (result != HandshakeGate.ADMITTED) {
            owner.settle(result);
        }
        return result == HandshakeGate.ADMITTED;
    }

    private void handleStun(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length, long now) {
        if (!StunMessage.matches(buffer, offset, length)) {
            ledger.drop(DropReason.UNKNOWN_TYPE);
            return;
        }
        if (!stun.wrap(buffer, offset, length) || !stun.fingerprintMatches()) {
            ledger.drop(DropReason.MALFORMED);
            return;
        }
        Connection connection;
        if (stun.type() == StunMessage.BINDING_REQUEST) {
            String username = stun.username();
            connection = username == null ? null : connections.ofUsername(username);
        } else {
            connection = connections.ofIndex(stun.transactionHigh());
        }
        DropReason refused =
                connection == null ? DropReason.UNKNOWN_STUN : connection.handleStun(local, remote, stun, now);
        if (refused == null) {
            ledger.consume();
        } else {
            ledger.drop(refused);
        }
    }
}
