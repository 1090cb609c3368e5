package dev.sluice.functions.stream;

import dev.sluice.channel.Reason;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The channels that this instance serves. That it may, says a row of the database: a newer connection of the device takes
 * the row over, wherever it is.
 */
@ApplicationScoped
public class Channels {
    /** What became of a device that joins. */
    sealed interface Registered {
        record Accepted(long fence) implements Registered {}

        /** What it signed in with ended since its handshake. */
        record Refused(Reason reason) implements Registered {}
    }

    private static final String REPLACED = "another connection of this device";

    private final Transactions transactions;
    private final Instance instance;
    private final Map<UUID, Channel> ready = new ConcurrentHashMap<>();

    @Inject
    public Channels(Transactions transactions, Instance instance) {
        this.transactions = transactions;
        this.instance = instance;
    }

    /**
     * Makes this instance the owner of the device's channel, and gives back to the outbox what the last connection may have
     * swallowed.
     */
    Registered register(Device device) {
        return transactions.call(transaction -> {
            var ended = ended(transaction, device);
            if (ended != null) {
                return new Registered.Refused(ended);
            }
            long fence = transaction.one(
                    """
                    INSERT INTO channel (device_id, account_id, role, instance_id, fence, token_id, own)
                    VALUES (?, ?, ?, ?, nextval('channel_fence'), ?, ?)
                    ON CONFLICT (device_id) DO UPDATE SET
                        instance_id = excluded.instance_id, fence = nextval('channel_fence'),
                        token_id = excluded.token_id, own = excluded.own, opened_at = now()
                    RETURNING fence
                    """,
                    row -> row.number("fence"),
                    device.id(),
                    device.accountId(),
                    device.role().word(),
                    instance.id(),
                    device.tokenId(),
                    device.own());
            transaction.update(
                    "DELETE FROM outbox WHERE device_id = ? AND kind = 'disconnect' AND sent_at IS NULL", device.id());
            // A refusal is news for as long as the client waits for it.
            transaction.update("""
                    DELETE FROM outbox WHERE device_id = ? AND kind = 'flow_failed' AND sent_at IS NULL
                        AND inserted_at < now() - interval '5 seconds'
                    """, device.id());
            transaction.update("DELETE FROM candidate WHERE device_id = ?", device.id());
            giveBack(transaction, device);
            return new Registered.Accepted(fence);
        });
    }

    /**
     * From now on the device is told what lies in its outbox. Of two connections of a device the one that joined later stays.
     *
     * @return false if a later one is served already
     */
    boolean serve(Channel channel) {
        var id = channel.device().id();
        for (; ; ) {
            var before = ready.putIfAbsent(id, channel);
            if (before == null) {
                return true;
            }
            if (before.fence() > channel.fence()) {
                channel.connection().close(REPLACED);
                return false;
            }
            if (ready.replace(id, before, channel)) {
                if (before.connection() != channel.connection()) {
                    before.connection().close(REPLACED);
                }
                return true;
            }
        }
    }

    /** The device is no longer connected here. */
    void leave(Device device, long fence, Connection connection) {
        ready.computeIfPresent(device.id(), (id, channel) -> channel.connection() == connection ? null : channel);
        transactions.run(transaction ->
                transaction.update("DELETE FROM channel WHERE device_id = ? AND fence = ?", device.id(), fence));
    }

    /** The channels that are served now. */
    List<Channel> ready() {
        return new ArrayList<>(ready.values());
    }

    Optional<Channel> find(UUID deviceId) {
        return Optional.ofNullable(ready.get(deviceId));
    }

    /** Ends connections whose device has joined elsewhere since. */
    void closeLost() {
        var mine = ready();
        if (mine.isEmpty()) {
            return;
        }
        var fences = transactions.call(transaction -> transaction.list(
                "SELECT fence FROM channel WHERE instance_id = ?", row -> row.number("fence"), instance.id()));
        for (var channel : mine) {
            if (!fences.contains(channel.fence())
                    && ready.remove(channel.device().id(), channel)) {
                channel.connection().close(REPLACED);
            }
        }
    }

    /** Why the device may not join, although its handshake passed; locks what it rests on until the row stands. */
    private static @Nullable Reason ended(Transaction transaction, Device device) {
        record Signed(boolean expired, boolean accountDisabled) {}
        var token = transaction.first(
                """
                SELECT coalesce(t.expires_at <= clock_timestamp(), false) AS expired,
                       a.disabled_at IS NOT NULL AS account_disabled
                FROM token t JOIN account a ON a.id = t.account_id
                WHERE t.account_id = ? AND t.id = ? FOR SHARE OF t, a
                """,
                row -> new Signed(row.flag("expired"), row.flag("account_disabled")),
                device.accountId(),
                device.tokenId());
        if (token.isEmpty()) {
            return Reason.TOKEN_DELETED;
        }
        if (token.get().expired()) {
            return Reason.TOKEN_EXPIRED;
        }
        if (token.get().accountDisabled()) {
            return Reason.ACCOUNT_DISABLED;
        }
        var row = switch (device.role()) {
            case CLIENT -> """
                        SELECT a.disabled_at IS NOT NULL AS disabled
                        FROM client d JOIN actor a ON a.account_id = d.account_id AND a.id = d.actor_id
                        WHERE d.account_id = ? AND d.id = ? FOR SHARE OF d, a
                        """;
            case GATEWAY -> """
                        SELECT false AS disabled FROM gateway d WHERE d.account_id = ? AND d.id = ? FOR SHARE OF d
                        """;
        };
        var disabled = transaction.first(row, r -> r.flag("disabled"), device.accountId(), device.id());
        if (disabled.isEmpty()) {
            return Reason.CLIENT_DELETED;
        }
        return disabled.get() ? Reason.ACTOR_DISABLED : null;
    }

    /**
     * What was handed to a connection shortly before it broke may never have arrived. Requests that are still open go out
     * again. To a peer that does not drop what its snapshot omits, so do ends of access, for a longer time: until the
     * broken connection was noticed, everything it was handed is in doubt.
     */
    private static void giveBack(Transaction transaction, Device device) {
        transaction.update("""
                UPDATE outbox o SET sent_at = NULL FROM flow f
                WHERE o.device_id = ? AND o.sent_at > now() - interval '10 seconds'
                  AND o.kind IN ('authorize_flow', 'flow_created')
                  AND f.account_id = o.account_id AND f.id = o.flow_id AND f.generation = o.generation
                """, device.id());
        if (!device.own()) {
            transaction.update("""
                    UPDATE outbox o SET sent_at = NULL
                    WHERE o.device_id = ? AND o.sent_at > now() - interval '2 minutes' AND o.kind = 'reject_access'
                      AND o.generation IS NOT NULL
                      AND NOT EXISTS (SELECT FROM flow f
                                      WHERE f.account_id = o.account_id AND f.client_id = o.client_id
                                        AND f.resource_id = o.resource_id AND f.gateway_id = o.gateway_id)
                    """, device.id());
        }
    }
}
