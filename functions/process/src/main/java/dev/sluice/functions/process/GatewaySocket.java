package dev.sluice.functions.process;

import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;

/** Where gateways connect. */
@WebSocket(path = "/gateway/websocket", endpointId = GatewaySocket.ID)
public class GatewaySocket {
    static final String ID = "gateway";

    private final Sockets sockets;

    @Inject
    public GatewaySocket(Sockets sockets) {
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
