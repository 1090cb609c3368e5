package dev.sluice.functions.process;

import dev.sluice.channel.Dialect;
import dev.sluice.functions.device.Device;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import java.util.Optional;

/** Where devices connect: the path says who comes, and by which names it speaks. */
abstract class DeviceSocket {
    /** What the ids of its endpoints begin with. */
    static final String ID = "device";

    /** Paths of 2025. */
    @WebSocket(path = "/{role}/websocket", endpointId = DeviceSocket.ID)
    static class First extends DeviceSocket {
        @Inject
        First(Sockets sockets) {
            super(sockets);
        }
    }

    /** Paths since 2026-07. */
    @WebSocket(path = "/{role}/v2/websocket", endpointId = DeviceSocket.ID + "-v2")
    static class Second extends DeviceSocket {
        @Inject
        Second(Sockets sockets) {
            super(sockets);
        }
    }

    /** What a path leads to. */
    record Door(Device.Role role, Dialect dialect) {
        /** Empty for one that leads nowhere. */
        static Optional<Door> at(String path) {
            return Optional.ofNullable(
                    switch (path) {
                        case "/client/websocket" -> new Door(Device.Role.CLIENT, Dialect.V1);
                        case "/client/v2/websocket" -> new Door(Device.Role.CLIENT, Dialect.V2);
                        case "/gateway/websocket" -> new Door(Device.Role.GATEWAY, Dialect.V1);
                        case "/gateway/v2/websocket" -> new Door(Device.Role.GATEWAY, Dialect.V2);
                        default -> null;
                    });
        }
    }

    private final Sockets sockets;

    private DeviceSocket(Sockets sockets) {
        this.sockets = sockets;
    }

    @OnOpen
    @NonBlocking
    void opened(WebSocketConnection connection) {
        sockets.opened(connection);
    }

    @OnTextMessage
    @NonBlocking
    void received(String text, WebSocketConnection connection) {
        sockets.received(connection, text);
    }

    @OnClose
    @RunOnVirtualThread
    void closed(WebSocketConnection connection) {
        sockets.closed(connection);
    }

    @OnError
    @RunOnVirtualThread
    void failed(Throwable failure, WebSocketConnection connection) {
        sockets.failed(connection, failure);
    }
}
