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

    private static final int MOST_GIVEN_BACK = 2;

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
                   o.generation, o.expires_at, o.reason, o.properties,
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
        return transaction.list("""
                WITH mine AS (SELECT device_id FROM channel WHERE instance_id = ?)
                SELECT device_id, false AS candidates FROM mine
                WHERE device_id IN (SELECT device_id FROM outbox WHERE sent_at IS NULL)
                UNION ALL
                SELECT device_id, true FROM mine WHERE device_id IN (SELECT device_id FROM candidate)
                """, row -> new Waiting(row.id("device_id"), row.flag("candidates")), instanceId);
    }

    /**
     * Says what was handed to which connection. What went to one that has been replaced or ended meanwhile stays unsent: its
     * row is locked, so that whoever ends it waits, and then finds what this has marked.
     */
    static void sent(Transaction transaction, List<Marks.Mark> marks) {
        var ids = new ArrayList<Long>();
        var devices = new ArrayList<UUID>();
        var fences = new ArrayList<Long>();
        for (var mark : marks) {
            for (var id : mark.entries()) {
                ids.add(id);
                devices.add(mark.channel().device().id());
                fences.add(mark.channel().fence());
            }
        }
        if (ids.isEmpty()) {
            return;
        }
        var pipeline = transaction.pipeline();
        pipeline.run("""
                SELECT c.device_id FROM channel c
                WHERE (c.device_id, c.fence) IN (SELECT * FROM unnest(?::uuid[], ?::bigint[]))
                ORDER BY c.device_id FOR SHARE OF c
                """, devices, fences);
        pipeline.run("""
                UPDATE outbox o SET sent_at = now(), fence = c.fence
                FROM unnest(?::bigint[], ?::uuid[], ?::bigint[]) AS handed (id, device_id, fence)
                JOIN channel c ON c.device_id = handed.device_id AND c.fence = handed.fence
                WHERE o.id = handed.id
                """, ids, devices, fences);
        pipeline.send();
    }

    private static List<UUID> devices(List<Channel> channels) {
        return channels.stream().map(channel -> channel.device().id()).toList();
    }

    private static List<Long> fences(List<Channel> channels) {
        return channels.stream().map(Channel::fence).toList();
    }

    static void passed(Transaction transaction, List<Long> candidates) {
        if (!candidates.isEmpty()) {
            transaction.update("DELETE FROM candidate WHERE id = ANY (?)", candidates);
        }
    }

    /**
     * Takes back what was handed to connections that have ended, as far as it may not have arrived and a snapshot does not
     * say it: requests that are still open, ends of access, since a peer of 2025 does not drop what its snapshot omits, and
     * filters, which no snapshot has. A request that was taken back {@value #MOST_GIVEN_BACK} times is not said again: a
     * gateway of 2025 without relays answers it by joining again, and its client asks anew anyway.
     */
    static void giveBack(Transaction transaction, List<Ended> ended) {
        if (ended.isEmpty()) {
            return;
        }
        transaction.update(
                """
                UPDATE outbox o SET sent_at = NULL, fence = NULL, given_back = o.given_back + 1
                FROM unnest(?::uuid[], ?::bigint[], ?::bigint[]) AS ended (device_id, fence, doubt)
                WHERE o.device_id = ended.device_id AND o.fence = ended.fence
                  AND o.sent_at > now() - ended.doubt * interval '1 millisecond'
                  AND (o.kind <> 'authorize_flow' OR o.given_back < ?)
                  AND CASE
                      WHEN o.kind IN ('authorize_flow', 'flow_created') THEN
                          EXISTS (SELECT FROM flow f
                                  WHERE f.account_id = o.account_id AND f.id = o.flow_id AND f.generation = o.generation)
                      WHEN o.kind = 'reject_access' THEN
                          o.generation IS NOT NULL
                          AND NOT EXISTS (SELECT FROM flow f
                                          WHERE f.account_id = o.account_id AND f.client_id = o.client_id
                                            AND f.resource_id = o.resource_id AND f.gateway_id = o.gateway_id)
                      ELSE o.kind = 'resource_filters'
                      END
                """,
                ended.stream().map(Ended::deviceId).toList(),
                ended.stream().map(Ended::fence).toList(),
                ended.stream().map(e -> e.doubt().toMillis()).toList(),
                MOST_GIVEN_BACK);
    }

    /** Forgets what nobody can need any more. */
    static void forget(Transaction transaction) {
        transaction.update("DELETE FROM outbox WHERE sent_at < now() - interval '10 minutes'");
        // By then the grants have expired that these would end, and snapshots cover the rest.
        transaction.update("DELETE FROM outbox WHERE sent_at IS NULL AND inserted_at < now() - interval '8 days'");
        transaction.update(
                "DELETE FROM outbox WHERE sent_at IS NULL AND kind NOT IN ('reject_access', 'resource_filters')"
                        + " AND inserted_at < now() - interval '1 hour'");
        transaction.update("DELETE FROM candidate WHERE inserted_at < now() - interval '30 seconds'");
    }
}
