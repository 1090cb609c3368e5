package dev.sluice.datapath.simulation;

import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import java.util.UUID;

/** One device's WebSocket at the portal. */
final class PortalSession {
    /** A device as the portal knows it; the addresses stay. */
    record Device(UUID id, boolean gateway, String ipv4, String ipv6) {}

    /** The portal above. */
    interface Portal {
        void received(PortalSession session, Frame frame);

        void closed(PortalSession session);
    }

    private final Device device;
    private final String publicKey;
    private final String token;
    private final PortalSocket socket;
    private boolean joined;

    PortalSession(
            Timeline timeline,
            Device device,
            PortalLine<?, ?> line,
            int number,
            String publicKey,
            String token,
            Portal portal) {
        this.device = device;
        this.publicKey = publicKey;
        this.token = token;
        this.socket = new PortalSocket(
                timeline,
                StubPortal.LATENCY,
                new PortalSocket.Listener() {
                    @Override
                    public void text(String text) {
                        line.text(number, text);
                    }

                    @Override
                    public void closed() {
                        line.closed(number);
                    }
                },
                new PortalSocket.Listener() {
                    @Override
                    public void text(String text) {
                        portal.received(
                                PortalSession.this, FrameCodec.decode(text).orElseThrow());
                    }

                    @Override
                    public void closed() {
                        portal.closed(PortalSession.this);
                    }
                });
    }

    UUID id() {
        return device.id();
    }

    Device device() {
        return device;
    }

    boolean isGateway() {
        return device.gateway();
    }

    String publicKey() {
        return publicKey;
    }

    String token() {
        return token;
    }

    PortalSocket socket() {
        return socket;
    }

    boolean isJoined() {
        return joined;
    }

    void joined() {
        joined = true;
    }

    void send(Frame frame) {
        socket.toDevice(FrameCodec.encode(frame));
    }

    void close() {
        socket.closeByPortal();
    }
}
