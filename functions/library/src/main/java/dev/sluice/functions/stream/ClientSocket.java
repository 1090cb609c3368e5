package dev.sluice.functions.stream;

import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;

/** Where clients connect. */
@WebSocket(path = "/client/websocket", endpointId = ClientSocket.ID)
public class ClientSocket {
    static final String ID = "client";

    private final Sockets sockets;
    private final ClientRequests requests;

    @Inject
    public ClientSocket(Sockets sockets, ClientRequests requests) {
        this.sockets = sockets;
        this.requests = requests;
    }

    @OnOpen
    @NonBlocking
    void opened(WebSocketConnection connection) {
        sockets.opened(connection, requests);
    }

    @OnTextMessage
    @NonBlocking
    void received(String text, WebSocketConnection connection) {
        sockets.received(connection, requests, text);
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
