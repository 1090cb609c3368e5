package dev.sluice.functions.stream;

import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.channel.Reason;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.sql.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One device's connection: joins, heartbeats, and what the device asks. Frames of a connection are handled one after the
 * other. No frame ends it: what cannot be read is counted and ignored, and what is not known is answered so.
 */
public final class DeviceChannel {
    /** What the events of a topic lead to. */
    interface Requests {
        /** Handles an event of the joined topic and says what to reply, if anything. */
        @Nullable Frame handle(Device device, Frame frame);

        /** Whether such frames that come one after the other are handled as one. */
        default boolean isOneOfMany(Frame frame) {
            return false;
        }

        /** As {@link #handle}, for those; the replies in their order. */
        default List<Frame> handle(Device device, List<Frame> frames) {
            throw new UnsupportedOperationException();
        }
    }

    /** Longer ones are read with the other frames: what the event loop reads at once is bounded. */
    private static final int LONGEST_HEARTBEAT = 256;

    private static final Logger LOG = Logger.getLogger(DeviceChannel.class);

    private final Device device;
    private final ConnectionPush connection;
    private final Transactions transactions;
    private final ChannelOwner owner;
    private final Snapshots snapshots;
    private final Arrivals arrivals;
    private final Wake wake;
    private final Requests requests;
    private final ChannelMetrics metrics;
    private final StreamSettings settings;
    private final Inbox inbox;

    private final long openedAt;
    private volatile long heardAt;
    private volatile boolean askedToJoin;
    /** Of the row by which this connection is served; null until it is. */
    private volatile @Nullable Long fence;

    private boolean gone;

    DeviceChannel(
            Device device,
            ConnectionPush connection,
            Transactions transactions,
            ChannelOwner owner,
            Snapshots snapshots,
            Arrivals arrivals,
            Wake wake,
            Requests requests,
            ChannelMetrics metrics,
            StreamSettings settings,
            Executor threads,
            long now) {
        this.device = device;
        this.connection = connection;
        this.transactions = transactions;
        this.owner = owner;
        this.snapshots = snapshots;
        this.arrivals = arrivals;
        this.wake = wake;
        this.requests = requests;
        this.metrics = metrics;
        this.settings = settings;
        this.openedAt = now;
        this.heardAt = now;
        this.inbox = new Inbox(threads, texts -> handle(texts, this::failed));
    }

    public Device device() {
        return device;
    }

    /** The device has joined before, and is served by the row of this fence. */
    void resume(long joined) {
        askedToJoin = true;
        fence = joined;
    }

    boolean joined() {
        return fence != null;
    }

    /**
     * Takes a text from the device, on an event loop: heartbeats are answered at once, all else is handled when what came
     * before it is.
     *
     * @param now in monotonic nanoseconds
     */
    public void receive(String text, long now) {
        heardAt = now;
        if (!answersHeartbeat(text) && !inbox.offer(text)) {
            close("too many messages");
        }
    }

    /** What came is no text that could be received. */
    public void unreadable() {
        metrics.malformed();
        closeUnlessJoined();
    }

    /** A failure ends what was asked and not the connection. */
    private void failed(Throwable failure) {
        if (isGone()) {
            LOG.debugf("a connection of a %s broke: %s", device.role().word(), failure.toString());
            return;
        }
        LOG.warnf("a message of a %s could not be handled: %s", device.role().word(), failure.toString());
        LOG.debug("the failure", failure);
        closeUnlessJoined();
    }

    /** A device whose join was not understood could wait for ever. */
    private void closeUnlessJoined() {
        if (!joined()) {
            close("try again");
        }
    }

    /** Closes the connection of a device that has said nothing for too long, or much and never joined. */
    public void closeIfIdle(long now) {
        if (now - heardAt > settings.idleLimit().toNanos()) {
            close("idle");
        } else if (!askedToJoin && now - openedAt > settings.joinWithin().toNanos()) {
            close("not joined");
        }
    }

    /**
     * Answers a heartbeat, which changes nothing, and must not wait behind what does. On the event loop.
     *
     * @return false if it is none
     */
    private boolean answersHeartbeat(String text) {
        if (text.length() > LONGEST_HEARTBEAT || !text.contains(Frame.HEARTBEAT)) {
            return false;
        }
        var decoded = FrameCodec.decode(text);
        if (decoded.isEmpty() || !isHeartbeat(decoded.get())) {
            return false;
        }
        metrics.received();
        answerHeartbeat(decoded.get());
        return true;
    }

    /** Handles a text at once, where nothing else of the connection is being handled here. */
    void handle(String text) {
        handle(List.of(text), this::failed);
    }

    /**
     * Handles what has come, in order.
     *
     * @param failed takes what went wrong with a frame, or with several that were handled as one; the others are handled
     */
    void handle(List<String> texts, Consumer<Throwable> failed) {
        var together = new ArrayList<Frame>();
        for (var text : texts) {
            var frame = decode(text);
            if (frame == null) {
                continue;
            }
            if (fence != null && isOfItsTopic(frame) && requests.isOneOfMany(frame)) {
                together.add(frame);
            } else {
                handleTogether(together, failed);
                attempt(() -> handle(frame), failed);
            }
        }
        handleTogether(together, failed);
    }

    private void handleTogether(List<Frame> frames, Consumer<Throwable> failed) {
        if (!frames.isEmpty()) {
            var some = List.copyOf(frames);
            frames.clear();
            attempt(() -> requests.handle(device, some).forEach(this::send), failed);
        }
    }

    private static void attempt(Runnable work, Consumer<Throwable> failed) {
        try {
            work.run();
        } catch (Throwable failure) {
            failed.accept(failure);
        }
    }

    private @Nullable Frame decode(String text) {
        var decoded = FrameCodec.decode(text);
        if (decoded.isEmpty()) {
            metrics.malformed();
            LOG.debugf("a frame of %s %s is malformed", device.role().word(), device.id());
            return null;
        }
        metrics.received();
        return device.dialect().fromPeer(decoded.get());
    }

    private boolean isOfItsTopic(Frame frame) {
        return frame.topic().equals(device.role().word());
    }

    private void handle(Frame frame) {
        if (isHeartbeat(frame)) {
            answerHeartbeat(frame);
        } else if (frame.topic().equals(Frame.PHOENIX)) {
            send(Frame.error(Frame.PHOENIX, frame.ref(), Frame.UNKNOWN_MESSAGE));
        } else if (!isOfItsTopic(frame)) {
            send(Frame.error(frame.topic(), frame.ref(), Frame.UNMATCHED_TOPIC));
        } else if (frame.event().equals(Frame.JOIN)) {
            join(frame);
        } else if (fence == null) {
            send(Frame.error(frame.topic(), frame.ref(), Frame.UNMATCHED_TOPIC));
        } else {
            request(frame);
        }
    }

    private static boolean isHeartbeat(Frame frame) {
        return frame.topic().equals(Frame.PHOENIX) && frame.event().equals(Frame.HEARTBEAT);
    }

    private void answerHeartbeat(Frame frame) {
        send(Frame.ok(Frame.PHOENIX, frame.ref()));
    }

    /** The connection is gone. */
    public void closed() {
        inbox.close();
        synchronized (this) {
            gone = true;
        }
        leave();
    }

    private synchronized boolean isGone() {
        return gone;
    }

    void close(String reason) {
        connection.close(reason);
    }

    /** A device that is not served must not count as online, nor wait on a connection that says nothing: it comes again. */
    private void join(Frame frame) {
        askedToJoin = true;
        leave();
        switch (owner.register(device)) {
            case ChannelOwner.Registered.Refused refused -> refuse(frame, refused.reason());
            case ChannelOwner.Registered.Overtaken overtaken -> connection.close(Frame.REPLACED);
            case ChannelOwner.Registered.Accepted accepted -> {
                boolean served = false;
                try {
                    served = serve(frame, accepted.fence());
                } finally {
                    if (!served) {
                        connection.close("try again");
                        owner.leave(device, accepted.fence(), connection, silent(System.nanoTime()));
                    }
                }
            }
        }
    }

    private void leave() {
        Long served;
        synchronized (this) {
            served = fence;
            fence = null;
        }
        if (served != null) {
            owner.leave(device, served, connection, silent(System.nanoTime()));
        }
    }

    /** For how long the device has said nothing, or has not taken all that it was sent. */
    private Duration silent(long now) {
        return Duration.ofNanos(Math.max(now - heardAt, now - connection.settledAt(now)));
    }

    /** The reply goes first, since peers wait five seconds for it at most; then the snapshot, and then what happens. */
    private boolean serve(Frame frame, long accepted) {
        send(Frame.ok(frame.topic(), frame.ref()));
        var init = arrivals.inTurn(() ->
                transactions.inAccount(device.accountId()).read(transaction -> snapshots.push(transaction, device)));
        if (init.isEmpty()) {
            connection.close(Reason.CLIENT_DELETED.code());
            return false;
        }
        var every = switch (device.role()) {
            case CLIENT -> settings.lookEvery();
            case GATEWAY -> settings.digestEvery();
        };
        var channel = new Channel(
                device, accepted, connection, owner.stamp(), new Periodic(every, accepted, System.nanoTime()));
        channel.push(init.get());
        if (!owner.serve(channel) || !settle(accepted)) {
            return false;
        }
        wake.signal(device.id());
        return true;
    }

    /** From now on the end of the connection ends the channel; false if it came before. */
    private synchronized boolean settle(long accepted) {
        if (gone) {
            return false;
        }
        fence = accepted;
        return true;
    }

    /**
     * Closing makes the device shake hands again, and the answer to that says what it needs to know. To a peer of 2025 an
     * error that answers its join would be the end of its process.
     */
    private void refuse(Frame frame, Reason reason) {
        if (device.own()) {
            send(Frame.error(frame.topic(), frame.ref(), "disabled"));
        }
        connection.close(reason.code());
    }

    private void send(Frame frame) {
        connection.send(FrameCodec.encode(device.dialect().toPeer(frame)));
    }

    private void request(Frame frame) {
        var reply = requests.handle(device, frame);
        if (reply != null) {
            send(reply);
        }
    }
}
