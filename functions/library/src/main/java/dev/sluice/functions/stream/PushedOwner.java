package dev.sluice.functions.stream;

import dev.sluice.functions.device.Device;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.stream.PostedConnection.State;
import dev.sluice.functions.stream.PushedRows.Pushed;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** A connection that is held elsewhere, and serves its device once that has joined by it. */
final class PushedOwner implements ChannelOwner {
    private final Transactions transactions;
    private final ConnectionsApi api;
    private final Duration unheard;
    private final Pushed pushed;
    private final UUID holder = Ids.next();
    private Reading reading = Reading.none();

    PushedOwner(Transactions transactions, ConnectionsApi api, Duration unheard, Pushed pushed) {
        this.transactions = transactions;
        this.api = api;
        this.unheard = unheard;
        this.pushed = pushed;
    }

    @Override
    public Stamp stamp() {
        return reading;
    }

    /** From the moment at which others can see that it serves its device, this has the lease: the snapshot goes first. */
    @Override
    public Registered register(Device device) {
        record Taken(Registered registered, List<Pushed> others) {}
        var scope = transactions.inAccount(device.accountId());
        var taken = scope.callImpatiently(transaction -> {
            reading = Reading.of(transaction);
            PushedRows.take(transaction, pushed.id(), holder, PushedDelivery.LEASE);
            var others = PushedRows.others(transaction, pushed);
            return new Taken(ChannelRows.take(transaction, device, pushed.id(), unheard, fence -> {}), others);
        });
        if (taken.registered() instanceof Registered.Accepted) {
            for (var other : taken.others()) {
                api.close(other.address());
                scope.run(transaction -> PushedRows.forget(transaction, other.id()));
            }
        }
        return taken.registered();
    }

    @Override
    public boolean serve(Channel channel) {
        if (!(channel.connection() instanceof PostedConnection posted) || posted.drain() != State.OPEN) {
            return false;
        }
        transactions
                .inAccount(channel.device().accountId())
                .run(transaction -> PushedRows.release(transaction, pushed.id(), holder, channel, false));
        return true;
    }

    @Override
    public void leave(Device device, long fence, ConnectionPush connection, Duration silent) {
        transactions
                .inAccount(device.accountId())
                .run(transaction -> ChannelRows.leave(transaction, device.id(), fence, silent));
    }
}
