package dev.sluice.datapath.io;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import org.jspecify.annotations.Nullable;

/** Performs the opening handshake of a WebSocket, and reports its answer. */
final class WebSocketEvents extends SimpleChannelInboundHandler<FullHttpResponse> {
    /** The header in which our portal says why it refuses. */
    private static final String REASON = "Sluice-Reason";

    /** What happens to one socket. */
    interface Sink {
        /** @param date the answer's header of that name, if any */
        void opened(@Nullable String date);

        void refused(int status, @Nullable String retryAfter, @Nullable String reason);

        void text(String text);

        void ended(String why);
    }

    private final WebSocketClientHandshaker handshaker;
    private final Sink sink;

    WebSocketEvents(WebSocketClientHandshaker handshaker, Sink sink) {
        this.handshaker = handshaker;
        this.sink = sink;
    }

    /** The channel is connected already; with TLS, what is written waits for it. */
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        handshaker.handshake(context.channel());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
        if (handshaker.isHandshakeComplete()) {
            return;
        }
        if (!response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            sink.refused(
                    response.status().code(),
                    response.headers().get(HttpHeaderNames.RETRY_AFTER),
                    response.headers().get(REASON));
            return;
        }
        try {
            handshaker.finishHandshake(context.channel(), response);
            sink.opened(response.headers().get(HttpHeaderNames.DATE));
        } catch (WebSocketHandshakeException malformed) {
            sink.ended("the portal does not answer as a WebSocket: " + malformed.getMessage());
        }
    }

    /** Frames after the handshake, put together where they came in parts. */
    static final class Messages extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final Sink sink;

        Messages(Sink sink) {
            this.sink = sink;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            switch (frame) {
                case TextWebSocketFrame text -> sink.text(text.text());
                case PingWebSocketFrame ping ->
                    context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
                case CloseWebSocketFrame close -> {
                    String reason = close.reasonText();
                    context.writeAndFlush(close.retain());
                    sink.ended("the portal closed the socket" + (reason.isEmpty() ? "" : ": " + reason));
                }
                default -> {
                    // Pongs answer nothing of ours, and binary frames are not of this protocol.
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            sink.ended("the connection to the portal ended");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            sink.ended("the connection to the portal failed: " + cause.getMessage());
            context.close();
        }
    }
}
