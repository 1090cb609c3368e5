package dev.sluice.datapath.io;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * WebSockets to the portal (RFC 6455, text frames, no extensions) over marked sockets. The caller numbers its sockets
 * and bounds how long one may take to open. On the loop; the listener is called later, never from within a call.
 */
public final class WebSocketClient implements AutoCloseable {
    /** What becomes of the sockets. On the loop. */
    public interface Listener {
        /** @param date when the portal answered by its own clock; null if it does not say */
        void opened(int socket, @Nullable Instant date);

        /** The handshake was answered with something other than 101. */
        void refused(int socket, int status, @Nullable String retryAfter, @Nullable String reason);

        /** It could not be opened, or it ended. Not after {@link WebSocketClient#close(int)}. */
        void closed(int socket, String why);

        void text(int socket, String text);
    }

    /** A snapshot of tens of thousands of authorizations fits. */
    private static final int LONGEST_MESSAGE = 16 << 20;

    private static final int LONGEST_REFUSAL = 64 << 10;
    private static final long CLOSE_TIMEOUT_MILLIS = 1_000;
    private static final int NORMAL_CLOSURE = 1000;

    private final IoEventLoop loop;
    private final @Nullable PortalTrust trust;
    private final Listener listener;
    private final MarkedResolver resolver;
    private final Map<Integer, Attempt> attempts = new HashMap<>();

    /** @param trust for {@code wss}; null where only {@code ws} is called */
    public WebSocketClient(IoEventLoop loop, @Nullable PortalTrust trust, Listener listener) {
        this.loop = loop;
        this.trust = trust;
        this.listener = listener;
        this.resolver = new MarkedResolver(loop, SocketMark.MARK);
    }

    /** Begins to open a socket: the first address of the host that answers takes the connection. */
    public void connect(int socket, URI url, Map<String, String> headers) {
        Attempt attempt = new Attempt(socket, url, headers);
        attempts.put(socket, attempt);
        loop.execute(attempt::start);
    }

    public void send(int socket, String text) {
        Attempt attempt = attempts.get(socket);
        if (attempt != null && attempt.channel != null) {
            attempt.channel.writeAndFlush(new TextWebSocketFrame(text));
        }
    }

    /** Ends a socket, or the attempt to open it; nothing more is heard of it. */
    public void close(int socket) {
        Attempt attempt = attempts.remove(socket);
        if (attempt != null) {
            attempt.close();
        }
    }

    /**
     * Ends the sockets whose own address this host does not have any more: nothing comes back to them, and what is
     * written into them is lost.
     */
    public void closeStranded() {
        for (Attempt attempt : List.copyOf(attempts.values())) {
            if (attempt.isStranded()) {
                attempt.ended("this host's address has changed");
            }
        }
    }

    @Override
    public void close() {
        List.copyOf(attempts.keySet()).forEach(this::close);
        resolver.close();
    }

    /** One socket, from the look-up of its host to its end. */
    private final class Attempt implements WebSocketEvents.Sink {
        private final int socket;
        private final URI url;
        private final Map<String, String> headers;
        private final boolean secure;
        private final int port;
        private @Nullable StaggeredConnect dialling;
        private @Nullable Channel channel;
        private boolean open;

        Attempt(int socket, URI url, Map<String, String> headers) {
            this.socket = socket;
            this.url = url;
            this.headers = headers;
            this.secure = "wss".equals(url.getScheme());
            this.port = url.getPort() > 0 ? url.getPort() : secure ? 443 : 80;
        }

        void start() {
            try {
                lookUp();
            } catch (RuntimeException failure) {
                ended("the portal's name cannot be looked up: " + failure.getMessage());
            }
        }

        private void lookUp() {
            resolver.resolve(host()).addListener(resolved -> {
                if (!resolved.isSuccess()) {
                    ended("the portal's name cannot be looked up: "
                            + resolved.cause().getMessage());
                    return;
                }
                @SuppressWarnings("unchecked")
                List<InetAddress> addresses = (List<InetAddress>) resolved.getNow();
                dial(addresses);
            });
        }

        private void dial(List<InetAddress> addresses) {
            if (current()) {
                dialling = new StaggeredConnect(
                        loop,
                        addresses,
                        port,
                        this::assemble,
                        cause -> ended("the portal cannot be reached: " + cause.getMessage()));
            }
        }

        private void assemble(Channel fresh) {
            channel = fresh;
            HttpHeaders sent = new DefaultHttpHeaders();
            headers.forEach(sent::set);
            if (secure) {
                SslContext context = Objects.requireNonNull(trust, "wss needs certificates to trust")
                        .context();
                fresh.pipeline().addLast(context.newHandler(fresh.alloc(), host(), port));
            }
            fresh.pipeline()
                    .addLast(
                            new HttpClientCodec(),
                            new HttpObjectAggregator(LONGEST_REFUSAL),
                            new WebSocketEvents(handshaker(sent), this),
                            new WebSocketFrameAggregator(LONGEST_MESSAGE),
                            new WebSocketEvents.Messages(this));
        }

        /** Without an Origin: we are no browser's page. */
        private WebSocketClientHandshaker handshaker(HttpHeaders sent) {
            return WebSocketClientHandshakerFactory.newHandshaker(
                    url,
                    WebSocketVersion.V13,
                    null,
                    false,
                    sent,
                    LONGEST_MESSAGE,
                    true,
                    false,
                    CLOSE_TIMEOUT_MILLIS,
                    false,
                    false);
        }

        @Override
        public void opened(@Nullable String date) {
            open = true;
            if (current()) {
                Date read = date == null ? null : DateFormatter.parseHttpDate(date);
                listener.opened(socket, read == null ? null : read.toInstant());
            }
        }

        @Override
        public void refused(int status, @Nullable String retryAfter, @Nullable String reason) {
            if (current()) {
                attempts.remove(socket);
                close();
                listener.refused(socket, status, retryAfter, reason);
            }
        }

        @Override
        public void text(String text) {
            if (current()) {
                listener.text(socket, text);
            }
        }

        @Override
        public void ended(String why) {
            if (current()) {
                attempts.remove(socket);
                close();
                listener.closed(socket, why);
            }
        }

        boolean isStranded() {
            if (channel == null || !(channel.localAddress() instanceof InetSocketAddress own)) {
                return false;
            }
            try {
                return NetworkInterface.getByInetAddress(own.getAddress()) == null;
            } catch (SocketException unknown) {
                return false;
            }
        }

        void close() {
            if (dialling != null) {
                dialling.cancel();
            }
            Channel closing = channel;
            if (closing == null) {
                return;
            }
            if (open && closing.isActive()) {
                closing.writeAndFlush(new CloseWebSocketFrame(NORMAL_CLOSURE, "bye"))
                        .addListener(sent -> closing.close());
            } else {
                closing.close();
            }
        }

        /** Without the brackets of an IPv6 literal. */
        private String host() {
            String host = url.getHost();
            return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        }

        private boolean current() {
            return attempts.get(socket) == this;
        }
    }
}
