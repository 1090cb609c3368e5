package dev.sluice.datapath.portal;

import dev.sluice.channel.Decoded;
import dev.sluice.channel.Detail;
import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.channel.Reason;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.portal.ChannelStatus.State;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A device's channel to the portal, without its socket: connects, joins, keeps alive, comes back.
 *
 * <p>After the WebSocket opened, nothing is sent until the join is answered, which must happen within
 * {@link #JOIN_TIMEOUT}. A heartbeat goes every {@link #HEARTBEAT_INTERVAL}, whatever else is sent; when
 * {@link #MISSED_HEARTBEATS} of them are unanswered the connection is given up. Every failure is retried
 * ({@link Backoff}), save a refused token: then the channel waits for a {@linkplain #token(String, long) new one}. A 401
 * without the portal's own mark may be a guest network's or a proxy's: it is believed when it is the fourth in a row.
 * What comes over the wire never stops it: what it does not know is counted and skipped.
 *
 * <p>Sockets are numbered by the channel, so that a late event of an earlier one is recognised and ignored.
 *
 * @param <I> what the portal says
 * @param <O> what the device says
 */
public final class PortalChannel<I, O> {
    /** How long the WebSocket handshake may take. */
    static final long CONNECT_TIMEOUT = Duration.ofSeconds(15).toNanos();

    /** How long the portal may take to answer the join. */
    static final long JOIN_TIMEOUT = Duration.ofSeconds(5).toNanos();

    /** The portal closes a socket that is silent for 45 s. */
    static final long HEARTBEAT_INTERVAL = Duration.ofSeconds(10).toNanos();

    static final int MISSED_HEARTBEATS = 3;

    private static final int UNAUTHORIZED = 401;

    /** How long to wait after a 401 that is perhaps not the portal's; the next one in a row is believed. */
    private static final long[] DOUBTFUL_WAITS = {
        Duration.ofSeconds(30).toNanos(),
        Duration.ofMinutes(2).toNanos(),
        Duration.ofMinutes(5).toNanos()
    };

    /** What the channel asks of its shell. */
    public interface Output<I> {
        /**
         * Open a WebSocket and report {@link #handleOpen}, {@link #handleRefused} or {@link #handleClosed} with this
         * number. The headers hold the token.
         */
        void connect(int socket, URI url, Map<String, String> headers);

        /** Send a text frame. */
        void send(int socket, String text);

        /** Close the socket, or give up opening it. */
        void close(int socket);

        /** The join was answered. */
        void up();

        /** The channel, or an attempt to bring it up, ended. */
        void down(PortalDown why);

        /** The portal's database was restored: its generations began anew, and what follows may carry lower ones. */
        void newEpoch();

        /** The portal said something. */
        void received(I message, @Nullable SluiceExtra extra);
    }

    private final Function<Frame, Decoded<I>> decoder;
    private final MessageEncoder<O> encoder;
    private final InstantSource clock;
    private final PortalClock portalClock;
    private final Output<I> output;
    private final Backoff backoff;
    private final PendingMessages<O> pending = new PendingMessages<>();
    private final StreamOrder order = new StreamOrder();

    private PortalLogin login;
    private State state = State.STOPPED;
    private int socket;
    private long deadline = Long.MAX_VALUE;
    private long nextRef;
    private long joinRef;
    private int unansweredHeartbeats;
    private boolean proven;
    private int doubtful;
    private @Nullable PortalDown down;
    private long connections;
    private long unknown;
    private long malformed;

    public PortalChannel(
            PortalLogin login,
            Function<Frame, Decoded<I>> decoder,
            MessageEncoder<O> encoder,
            RandomGenerator random,
            InstantSource clock,
            PortalClock portalClock,
            Output<I> output) {
        this.login = login;
        this.decoder = decoder;
        this.encoder = encoder;
        this.clock = clock;
        this.portalClock = portalClock;
        this.output = output;
        this.backoff = new Backoff(random);
    }

    /** Makes the first attempt. */
    public void start(long now) {
        if (state == State.STOPPED) {
            if (login.token().isEmpty()) {
                signOut(null);
            } else {
                connect(now);
            }
        }
    }

    /** Closes the socket and stays away. */
    public void stop() {
        leaveSocket();
        pending.clear();
        state = State.STOPPED;
        deadline = Long.MAX_VALUE;
    }

    /**
     * A token, another one or the same again: used at once, by a channel that is up when it next connects. An empty one is
     * none: somebody has signed out.
     */
    public void token(String token, long now) {
        login = login.withToken(token);
        doubtful = 0;
        if (token.isEmpty()) {
            signOut(null);
        } else if (state == State.SIGNED_OUT || state == State.WAITING) {
            backoff.reset();
            connect(now);
        }
    }

    /** Says this to the portal, now or, if it is away, when it is back. */
    public void send(O message) {
        if (state == State.UP) {
            transmit(message);
        } else if (state != State.STOPPED && state != State.SIGNED_OUT) {
            pending.add(message);
        }
    }

    /** @param date what the portal's answer says of its time; null for nothing */
    public void handleOpen(int openedSocket, @Nullable Instant date, long now) {
        if (openedSocket == socket && state == State.CONNECTING) {
            doubtful = 0;
            portalClock.connected(date, now);
            join(now);
        }
    }

    /**
     * The portal answered the handshake with something other than 101.
     *
     * @param status the HTTP status
     * @param retryAfter the header of that name, if any
     * @param reason the header {@link Reason#HEADER}, if any
     */
    public void handleRefused(
            int refusedSocket, int status, @Nullable String retryAfter, @Nullable String reason, long now) {
        if (refusedSocket != socket || state != State.CONNECTING) {
            return;
        }
        Detail detail = detail(reason);
        boolean believed = reason != null || doubtful == DOUBTFUL_WAITS.length;
        if (status == UNAUTHORIZED && believed) {
            signOut(detail == null ? Detail.of(Reason.TOKEN_INVALID) : detail);
            return;
        }
        retry(new PortalDown(PortalDown.Cause.REFUSED, detail), now);
        if (status == UNAUTHORIZED) {
            deadline = now + DOUBTFUL_WAITS[doubtful++];
        } else {
            doubtful = 0;
        }
        if (retryAfter != null) {
            long wait = RetryAfter.parse(retryAfter, clock.instant()).toNanos();
            deadline = Math.max(deadline, now + wait);
        }
    }

    /** The socket broke, was closed by the other side, or could not be opened. */
    public void handleClosed(int closedSocket, long now) {
        if (closedSocket == socket && connected()) {
            retry(PortalDown.of(PortalDown.Cause.UNREACHABLE), now);
        }
    }

    public void handleText(int receivingSocket, String text, long now) {
        if (receivingSocket != socket || !connected()) {
            return;
        }
        Optional<Frame> frame = FrameCodec.decode(text);
        if (frame.isEmpty()) {
            malformed++;
            return;
        }
        SluiceExtra extra = frame.get().sluice();
        if (extra != null && extra.time() != null) {
            portalClock.heard(extra.time(), now);
        }
        handleFrame(frame.get(), now);
    }

    public void handleTimeout(long now) {
        if (now < deadline) {
            return;
        }
        switch (state) {
            case STOPPED, SIGNED_OUT -> deadline = Long.MAX_VALUE;
            case WAITING -> connect(now);
            case CONNECTING -> retry(PortalDown.of(PortalDown.Cause.UNREACHABLE), now);
            case JOINING -> retry(PortalDown.of(PortalDown.Cause.SILENT), now);
            case UP -> heartbeat(now);
        }
    }

    public long nextTimeout() {
        return deadline;
    }

    public ChannelStatus status() {
        return new ChannelStatus(state, down, connections, unknown, malformed, pending.dropped(), order.gaps());
    }

    private void handleFrame(Frame frame, long now) {
        if (frame.isReply()) {
            handleReply(frame, now);
        } else if (!frame.topic().equals(login.role().topic())) {
            unknown++;
        } else {
            switch (frame.event()) {
                case Frame.CLOSE, Frame.ERROR -> retry(PortalDown.of(PortalDown.Cause.CLOSED), now);
                case Frame.DISCONNECT -> handleDisconnect(frame, now);
                default -> handleMessage(frame);
            }
        }
    }

    private void handleReply(Frame reply, long now) {
        if (reply.topic().equals(Frame.PHOENIX)) {
            unansweredHeartbeats = 0;
        } else if (state == State.JOINING && reply.ref() != null && reply.ref() == joinRef) {
            if (reply.isOk()) {
                joined(now);
            } else {
                retry(PortalDown.of(PortalDown.Cause.REFUSED), now);
            }
        } else if (state == State.UP && reply.reason().equals(Frame.UNMATCHED_TOPIC)) {
            join(now);
        } else if (!reply.isOk()) {
            unknown++;
        }
    }

    /** Whether only a new token helps is said by the typed reason; the wire's own word is the same for all. */
    private void handleDisconnect(Frame frame, long now) {
        Detail typed = frame.sluice() == null ? null : frame.sluice().detail();
        if (typed == null && frame.reason().equals(Frame.TOKEN_EXPIRED)) {
            signOut(Detail.of(Reason.TOKEN_EXPIRED));
        } else if (typed != null && typed.reason().effect() == Reason.Effect.SIGNED_OUT) {
            signOut(typed);
        } else {
            retry(new PortalDown(PortalDown.Cause.CLOSED, typed), now);
        }
    }

    private void handleMessage(Frame frame) {
        boolean snapshot = frame.event().equals(Frame.INIT);
        switch (order.take(frame.sluice(), snapshot)) {
            case REPEATED -> {
                return;
            }
            case NEW_EPOCH -> {
                output.newEpoch();
                askForSnapshot();
            }
            case GAP -> askForSnapshot();
            case NEXT -> {}
        }
        switch (decoder.apply(frame)) {
            case Decoded.Message<I>(I message) -> output.received(message, frame.sluice());
            case Decoded.Unknown<I> other -> unknown++;
            case Decoded.Malformed<I> broken -> malformed++;
        }
    }

    private void connect(long now) {
        socket++;
        proven = false;
        state = State.CONNECTING;
        deadline = now + CONNECT_TIMEOUT;
        output.connect(socket, login.url(), login.headers());
    }

    private void join(long now) {
        state = State.JOINING;
        deadline = now + JOIN_TIMEOUT;
        order.begin();
        joinRef = nextRef++;
        output.send(socket, FrameCodec.encode(Frame.join(login.role().topic(), joinRef)));
    }

    private void joined(long now) {
        state = State.UP;
        down = null;
        connections++;
        unansweredHeartbeats = 0;
        deadline = now + HEARTBEAT_INTERVAL;
        output.up();
        pending.drainTo(this::transmit);
    }

    private void heartbeat(long now) {
        if (unansweredHeartbeats >= MISSED_HEARTBEATS) {
            retry(PortalDown.of(PortalDown.Cause.SILENT), now);
            return;
        }
        if (!proven) {
            // A portal that takes every join and drops it at once is not to be called without a pause.
            proven = true;
            backoff.reset();
        }
        // Its answer may be what was lost.
        askForSnapshot();
        unansweredHeartbeats++;
        deadline = now + HEARTBEAT_INTERVAL;
        output.send(socket, FrameCodec.encode(Frame.heartbeat(nextRef++)));
    }

    private void askForSnapshot() {
        order.wanted()
                .ifPresent(reason -> output.send(
                        socket, FrameCodec.encode(Frame.snapshot(login.role().topic(), nextRef++, reason))));
    }

    private void transmit(O message) {
        output.send(socket, FrameCodec.encode(encoder.encode(message, nextRef++)));
    }

    private void retry(PortalDown why, long now) {
        leaveSocket();
        state = State.WAITING;
        deadline = now + backoff.next();
        down = why;
        output.down(why);
    }

    /** @param detail null where it is by this host's own doing */
    private void signOut(@Nullable Detail detail) {
        leaveSocket();
        pending.clear();
        state = State.SIGNED_OUT;
        deadline = Long.MAX_VALUE;
        down = new PortalDown(PortalDown.Cause.SIGNED_OUT, detail);
        output.down(down);
    }

    private void leaveSocket() {
        if (connected()) {
            output.close(socket);
        }
    }

    private boolean connected() {
        return switch (state) {
            case CONNECTING, JOINING, UP -> true;
            case STOPPED, WAITING, SIGNED_OUT -> false;
        };
    }

    private static @Nullable Detail detail(@Nullable String reason) {
        return reason == null ? null : Reason.of(reason.strip()).map(Detail::of).orElse(null);
    }
}
