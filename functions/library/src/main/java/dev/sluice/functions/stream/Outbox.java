package dev.sluice.functions.stream;

import dev.sluice.functions.flow.GrantedFlow;
import dev.sluice.functions.sql.Pipeline;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** The tables of what devices are to be told. */
final class Outbox {
    /** How much is taken at once. */
    static final int BATCH = 500;

    /** Candidates on their way to a device. */
    record Candidates(long id, UUID deviceId, UUID peerId, boolean removed, List<String> candidates) {
        private static Candidates read(Row row) {
            return new Candidates(
                    row.number("id"),
                    row.id("device_id"),
                    row.id("peer_id"),
                    row.flag("removed"),
                    row.texts("candidates"));
        }
    }

    /**
     * A connection that has ended.
     *
     * @param doubt for how long until now it may have swallowed what it was handed
     */
    record Ended(UUID deviceId, long fence, Duration doubt) {}

    private static final String MINE = """
            WITH mine AS (
                SELECT c.device_id, c.account_id
                FROM channel c JOIN unnest(?::uuid[], ?::bigint[]) AS m (device_id, fence)
                    ON c.device_id = m.device_id AND c.fence = m.fence)
            """;

    /** A held stream keeps back what the device did not ask for; answers and candidates pass, so that it goes on working. */
    private static final String UNSENT = """
            SELECT o.id, o.account_id, o.device_id, o.kind, o.client_id, o.gateway_id, o.resource_id, o.flow_id,
                   o.generation, o.expires_at, o.reason, o.properties, o.seen,
            """ + GrantedFlow.COLUMNS + """
            FROM mine JOIN outbox o USING (device_id, account_id)
            LEFT JOIN stream_hold h ON h.device_id = mine.device_id
            """ + GrantedFlow.JOIN + """
            WHERE o.sent_at IS NULL AND o.id <> ALL (?)
              AND (h.device_id IS NULL OR o.kind IN ('flow_created', 'flow_failed'))
            ORDER BY o.id LIMIT ?
            """;

    private Outbox() {}

    /**
     * What is visible and not yet handed to these channels, in the order of the ids; what is to be said of flows comes with
     * it.
     */
    static Supplier<List<Entry>> unsent(Pipeline pipeline, List<Channel> channels) {
        return pipeline.list(
                MINE + UNSENT, Entry::read, devices(channels), fences(channels), Progress.entries(channels), BATCH);
    }

    static Supplier<List<Candidates>> candidates(Pipeline pipeline, List<Channel> channels) {
        return pipeline.list(
                MINE + """
                        SELECT k.* FROM candidate k JOIN mine USING (device_id, account_id)
                        WHERE k.id <> ALL (?) ORDER BY k.id LIMIT ?
                        """,
                Candidates::read,
                devices(channels),
                fences(channels),
                Progress.candidates(channels),
                BATCH);
    }

    /** A device for which something waits. */
    record Waiting(UUID deviceId, boolean candidates) {}

    /** The devices whose channels an instance has, and for which something waits. */
    static List<Waiting> waiting(Transaction transaction, UUID instanceId) {
        return transaction.list(
                "SELECT device_id, candidates FROM devices_waiting(?)",
                row -> new Waiting(row.id("device_id"), row.flag("candidates")),
                instanceId);
    }

    /** Says what was handed to which connection. What went to one that has been replaced or ended meanwhile stays unsent. */
    static void handed(Transaction transaction, List<Marks.Mark> marks) {
        var ids = new ArrayList<Long>();
        var devices = new ArrayList<UUID>();
        var fences = new ArrayList<Long>();
        var passed = new ArrayList<Long>();
        for (var mark : marks) {
            for (var id : mark.entries()) {
                ids.add(id);
                devices.add(mark.channel().device().id());
                fences.add(mark.channel().fence());
            }
            passed.addAll(mark.candidates());
        }
        transaction.list(
                "SELECT handed(?::bigint[], ?::uuid[], ?::bigint[], ?::bigint[])",
                row -> true,
                ids,
                devices,
                fences,
                passed);
    }

    private static List<UUID> devices(List<Channel> channels) {
        return channels.stream().map(channel -> channel.device().id()).toList();
    }

    private static List<Long> fences(List<Channel> channels) {
        return channels.stream().map(Channel::fence).toList();
    }

    /** Takes back what was handed to a connection that has ended, as far as it may not have arrived. */
    static void giveBack(Pipeline pipeline, Ended ended) {
        pipeline.run(
                "SELECT give_back(?, ?, ?)",
                List.of(ended.deviceId()),
                List.of(ended.fence()),
                List.of(ended.doubt().toMillis()));
    }

    /** Forgets what only the connection before this one had to hear. */
    static void forgetStale(Pipeline pipeline, UUID deviceId, long fence) {
        // A refusal is news for as long as the client waits for it.
        pipeline.run("""
                DELETE FROM outbox o USING channel c
                WHERE c.device_id = ? AND c.fence = ? AND o.device_id = c.device_id AND o.sent_at IS NULL
                  AND (o.kind = 'disconnect'
                       OR o.kind = 'flow_failed' AND o.inserted_at < now() - interval '5 seconds')
                """, deviceId, fence);
        pipeline.run("""
                DELETE FROM candidate k USING channel c
                WHERE c.device_id = ? AND c.fence = ? AND k.device_id = c.device_id
                """, deviceId, fence);
    }

    /** Forgets what nobody can need any more. */
    static void forget(Transaction transaction) {
        transaction.list("SELECT forget_delivered()", row -> true);
    }
}
