package dev.sluice.functions.stream;

import dev.sluice.channel.Reason;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.sql.Pipeline;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Turns;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** The table of who serves which device. Whoever takes a row away gives back what its connection may have swallowed. */
final class ChannelRows {
    /** A peer hears the answer to its heartbeat in this time, or ends the connection itself. */
    static final Duration IN_FLIGHT = Duration.ofMinutes(1);

    /** How long ago the instance was seen last, as {@link #ended} reads it. */
    private static final String UNSEEN =
            "(extract(epoch FROM now() - least(now(), seen.seen_at)) * 1000)::bigint AS unseen";

    private static final String RESTS_ON = """
            SELECT t.disabled_at IS NOT NULL AS account_disabled, %s AS actor_disabled, k.id IS NOT NULL AS token_there,
                   coalesce(k.expires_at <= clock_timestamp(), false) AS expired
            FROM %s d JOIN account t ON t.id = d.account_id
            LEFT JOIN token_secret s ON s.account_id = d.account_id AND s.token_id = ? AND s.id = ?
            LEFT JOIN token k ON k.account_id = s.account_id AND k.id = s.token_id
            %s
            WHERE d.account_id = current_account() AND d.id = ?
            """;

    private static final String CLIENT = String.format(
            Locale.ROOT,
            RESTS_ON,
            "a.disabled_at IS NOT NULL",
            "client",
            "JOIN actor a ON a.account_id = d.account_id AND a.id = d.actor_id");

    private static final String GATEWAY = String.format(Locale.ROOT, RESTS_ON, "false", "gateway", "");

    private ChannelRows() {}

    /**
     * Makes the instance the owner of the device's channel, and gives back to the outbox what the last connection may have
     * swallowed.
     *
     * @param unheard how long before an instance was seen last its connections may have been heard last
     * @param drawn takes the fence of the connection, before there can be a row with it
     */
    static ChannelOwner.Registered take(
            Transaction transaction, Device device, UUID instanceId, Duration unheard, LongConsumer drawn) {
        while (true) {
            var pipeline = transaction.pipeline();
            var fences = pipeline.list("SELECT nextval('channel_fence') AS fence", row -> row.number("fence"));
            Turns.share(pipeline, device.accountId());
            var refusals = refusal(pipeline, device);
            var rows = pipeline.list(
                    "SELECT c.device_id, c.fence, " + UNSEEN + """
                             FROM channel c LEFT JOIN instance seen ON seen.id = c.instance_id
                            WHERE c.device_id = ? FOR UPDATE OF c
                            """, row -> ended(row, unheard), device.id());
            pipeline.send();
            long fence = fences.get().getFirst();
            drawn.accept(fence);
            var refusal = refusals.get();
            if (refusal.isPresent()) {
                return new ChannelOwner.Registered.Refused(refusal.get());
            }
            if (rows.get().isEmpty()) {
                if (insert(transaction, device, instanceId, fence)) {
                    return new ChannelOwner.Registered.Accepted(fence);
                }
            } else if (rows.get().getFirst().fence() > fence) {
                return new ChannelOwner.Registered.Overtaken();
            } else {
                replace(transaction, device, instanceId, fence, rows.get().getFirst());
                return new ChannelOwner.Registered.Accepted(fence);
            }
        }
    }

    /** @return false if another connection of the device was first; nothing has changed then */
    private static boolean insert(Transaction transaction, Device device, UUID instanceId, long fence) {
        var pipeline = transaction.pipeline();
        var inserted = pipeline.list(
                """
                INSERT INTO channel (device_id, account_id, role, instance_id, fence, token_id, secret_id, own)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING device_id
                """,
                row -> true,
                device.id(),
                device.accountId(),
                device.role().word(),
                instanceId,
                fence,
                device.credential().tokenId(),
                device.credential().secretId(),
                device.own());
        Outbox.forgetStale(pipeline, device.id(), fence);
        pipeline.send();
        return !inserted.get().isEmpty();
    }

    private static void replace(
            Transaction transaction, Device device, UUID instanceId, long fence, Outbox.Ended before) {
        var pipeline = transaction.pipeline();
        pipeline.run(
                """
                UPDATE channel SET instance_id = ?, fence = ?, token_id = ?, secret_id = ?, own = ?,
                                   opened_at = now(), ended = NULL
                WHERE device_id = ?
                """,
                instanceId,
                fence,
                device.credential().tokenId(),
                device.credential().secretId(),
                device.own(),
                device.id());
        Outbox.giveBack(pipeline, before);
        Outbox.forgetStale(pipeline, device.id(), fence);
        pipeline.send();
    }

    /**
     * Takes the row of a connection away that has ended.
     *
     * @param silent for how long until now it had said nothing, or not taken all that it was handed
     */
    static void leave(Transaction transaction, UUID deviceId, long fence, Duration silent) {
        // The row goes first: after it, nothing more is marked as handed to this connection.
        var pipeline = transaction.pipeline();
        pipeline.run("DELETE FROM channel WHERE device_id = ? AND fence = ?", deviceId, fence);
        Outbox.giveBack(pipeline, new Outbox.Ended(deviceId, fence, silent.plus(IN_FLIGHT)));
        pipeline.send();
    }

    /** The fences of the instance's rows. */
    static List<Long> fences(Transaction transaction, UUID instanceId) {
        return transaction.list("SELECT fence FROM fences_of(?) AS fence", row -> row.number("fence"), instanceId);
    }

    /** Takes rows of the instance away that no connection of it holds. */
    static void clear(Transaction transaction, UUID instanceId, List<Long> fences, Duration unheard) {
        transaction.list(
                "SELECT clear_channels(?, ?, ?)",
                row -> true,
                List.of(instanceId),
                fences,
                doubt(unheard).toMillis());
    }

    /** Takes an instance away, and its rows. */
    static void clearInstance(Transaction transaction, UUID instanceId, Duration unheard) {
        transaction.list(
                "SELECT clear_instance(?, ?)",
                row -> true,
                instanceId,
                doubt(unheard).toMillis());
    }

    /** Takes instances away that have not been seen for a minute, and their rows. */
    static void clearDead(Transaction transaction, Duration unheard) {
        transaction.list(
                "SELECT clear_dead_instances(?)", row -> true, doubt(unheard).toMillis());
    }

    /** How long before its instance was seen last a connection may have taken nothing of what it was handed. */
    private static Duration doubt(Duration unheard) {
        return unheard.plus(IN_FLIGHT);
    }

    private static Outbox.Ended ended(Row row, Duration unheard) {
        var unseen = row.optionalNumber("unseen");
        return new Outbox.Ended(
                row.id("device_id"), row.number("fence"), doubt(unheard).plusMillis(unseen == null ? 0 : unseen));
    }

    /**
     * Why the device may not join, although its handshake passed; read in the turn of the account. Whatever ends what the
     * device rests on comes before that, and is seen, or after the row stands, and ends its connection.
     */
    private static Supplier<Optional<Reason>> refusal(Pipeline pipeline, Device device) {
        var found = pipeline.list(
                switch (device.role()) {
                    case CLIENT -> CLIENT;
                    case GATEWAY -> GATEWAY;
                },
                ChannelRows::refusal,
                device.credential().tokenId(),
                device.credential().secretId(),
                device.id());
        return () -> found.get().isEmpty()
                ? Optional.of(Reason.CLIENT_DELETED)
                : found.get().getFirst();
    }

    private static Optional<Reason> refusal(Row row) {
        if (!row.flag("token_there")) {
            return Optional.of(Reason.TOKEN_DELETED);
        }
        if (row.flag("expired")) {
            return Optional.of(Reason.TOKEN_EXPIRED);
        }
        if (row.flag("account_disabled")) {
            return Optional.of(Reason.ACCOUNT_DISABLED);
        }
        return row.flag("actor_disabled") ? Optional.of(Reason.ACTOR_DISABLED) : Optional.empty();
    }
}
