package dev.sluice.functions.stream;

import dev.sluice.channel.Frame;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.sql.Reserved;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The channels that this instance serves. That it may, says a row of the database: a newer connection of the device takes
 * the row over, wherever it is.
 */
@ApplicationScoped
public class Channels implements ChannelOwner {
    private final Transactions transactions;
    private final Transactions reserved;
    private final Instance instance;
    private final StreamSettings settings;
    private final Map<UUID, Channel> ready = new ConcurrentHashMap<>();
    /** The fences of connections that are open, from before they have a row. */
    private final Set<Long> held = ConcurrentHashMap.newKeySet();

    @Inject
    public Channels(
            Transactions transactions, @Reserved Transactions reserved, Instance instance, StreamSettings settings) {
        this.transactions = transactions;
        this.reserved = reserved;
        this.instance = instance;
        this.settings = settings;
    }

    @Override
    public Stamp stamp() {
        return instance::stamp;
    }

    @Override
    public Registered register(Device device) {
        // Held before the row can be seen, so that a row whose fence nobody holds is a row that was left behind.
        var drawn = new HashSet<Long>();
        try {
            var registered = transactions
                    .inAccount(device.accountId())
                    .callImpatiently(transaction ->
                            ChannelRows.take(transaction, device, instance.id(), settings.unheard(), fence -> {
                                drawn.add(fence);
                                held.add(fence);
                            }));
            if (registered instanceof Registered.Accepted(var fence)) {
                drawn.remove(fence);
            }
            return registered;
        } finally {
            held.removeAll(drawn);
        }
    }

    @Override
    public boolean serve(Channel channel) {
        var id = channel.device().id();
        for (; ; ) {
            var before = ready.putIfAbsent(id, channel);
            if (before == null) {
                return true;
            }
            if (before.fence() > channel.fence()) {
                channel.connection().close(Frame.REPLACED);
                return false;
            }
            if (ready.replace(id, before, channel)) {
                if (before.connection() != channel.connection()) {
                    before.connection().close(Frame.REPLACED);
                }
                return true;
            }
        }
    }

    @Override
    public void leave(Device device, long fence, ConnectionPush connection, Duration silent) {
        ready.computeIfPresent(device.id(), (id, channel) -> channel.connection() == connection ? null : channel);
        held.remove(fence);
        transactions
                .inAccount(device.accountId())
                .run(transaction -> ChannelRows.leave(transaction, device.id(), fence, silent));
    }

    /** The channels that are served now. */
    List<Channel> ready() {
        return new ArrayList<>(ready.values());
    }

    Optional<Channel> find(UUID deviceId) {
        return Optional.ofNullable(ready.get(deviceId));
    }

    /**
     * Ends connections whose device has joined elsewhere since, and takes rows away whose connection has ended when the
     * database could not be told.
     */
    void reconcile() {
        var mine = ready();
        var rows =
                new HashSet<>(reserved.ofPortal().call(transaction -> ChannelRows.fences(transaction, instance.id())));
        for (var channel : mine) {
            if (!rows.contains(channel.fence()) && ready.remove(channel.device().id(), channel)) {
                channel.connection().close(Frame.REPLACED);
            }
        }
        var left = rows.stream().filter(fence -> !held.contains(fence)).toList();
        if (!left.isEmpty()) {
            reserved.ofPortal()
                    .run(transaction -> ChannelRows.clear(transaction, instance.id(), left, settings.unheard()));
        }
    }
}
