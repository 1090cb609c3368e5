package dev.sluice.peer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A device of another make on the portal's wire: it joins, sends its heartbeats, and hands on what it is pushed. */
public final class WirePeer extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    private static final int LONGEST_MESSAGE = 16 << 20;
    private static final int HEARTBEAT_SECONDS = 30;
    private static final String EMPTY = "{}";
    private static final String NOT_OPEN = "its socket is not open yet";

    private final WireIdentity identity;
    private final BiConsumer<WirePeer, String> received;
    private final LongConsumer ended;
    private long retryAfter;
    private @Nullable Channel channel;
    private @Nullable Future<?> heartbeats;
    private long ref;

    private WirePeer(WireIdentity identity, BiConsumer<WirePeer, String> received, LongConsumer ended) {
        this.identity = identity;
        this.received = received;
        this.ended = ended;
    }

    /**
     * Begins to connect; all that follows happens on the group's loops.
     *
     * @param url of the socket, without parameters
     * @param received takes every text
     * @param ended takes, once the connection is gone or was refused, after how many seconds to come again; 0 if nobody
     *     said
     */
    public static void connect(
            EventLoopGroup loops,
            URI url,
            WireIdentity identity,
            BiConsumer<WirePeer, String> received,
            LongConsumer ended) {
        WirePeer peer = new WirePeer(identity, received, ended);
        URI full = identity.url(url);
        DefaultHttpHeaders headers = new DefaultHttpHeaders();
        headers.set(HttpHeaderNames.USER_AGENT, identity.userAgent());
        new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel socket) {
                        socket.pipeline()
                                .addLast(
                                        new HttpClientCodec(),
                                        new HttpObjectAggregator(1 << 16),
                                        new WebSocketClientProtocolHandler(
                                                WebSocketClientHandshakerFactory.newHandshaker(
                                                        full,
                                                        WebSocketVersion.V13,
                                                        null,
                                                        false,
                                                        headers,
                                                        LONGEST_MESSAGE)),
                                        new WebSocketFrameAggregator(LONGEST_MESSAGE),
                                        peer);
                    }
                })
                .connect(url.getHost(), url.getPort())
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        ended.accept(0);
                    }
                });
    }

    /** Sends an event of its topic. */
    public void send(String event, String payload) {
        send(identity.topic(), event, payload);
    }

    /** Ends the connection. */
    public void close() {
        Objects.requireNonNull(channel, NOT_OPEN).close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            channel = context.channel();
            send(Frame.JOIN, EMPTY);
            heartbeats = context.executor()
                    .scheduleAtFixedRate(
                            () -> send(Frame.PHOENIX, Frame.HEARTBEAT, EMPTY),
                            HEARTBEAT_SECONDS,
                            HEARTBEAT_SECONDS,
                            TimeUnit.SECONDS);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Future<?> beating = heartbeats;
        if (beating != null) {
            beating.cancel(false);
        }
        ended.accept(retryAfter);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof WebSocketClientHandshakeException refused && refused.response() != null) {
            retryAfter = refused.response().headers().getInt(HttpHeaderNames.RETRY_AFTER, 0);
        }
        context.close();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
        received.accept(this, frame.text());
    }

    /** Its payload; parsed by the codec that all parts share. */
    public static JsonNode payload(String text) {
        return FrameCodec.decode(text).orElseThrow().payload();
    }

    private void send(String topic, String event, String payload) {
        Objects.requireNonNull(channel, NOT_OPEN)
                .writeAndFlush(new TextWebSocketFrame("{\"topic\":\"" + topic + "\",\"event\":\"" + event
                        + "\",\"payload\":" + payload + ",\"ref\":" + ++ref + "}"));
    }
}
