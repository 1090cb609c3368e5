package dev.sluice.functions.stream;

import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import java.util.List;
import java.util.UUID;

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

    private static final String MINE = """
            WITH mine AS (
                SELECT c.device_id, c.account_id
                FROM channel c JOIN unnest(?::uuid[], ?::bigint[]) AS m (device_id, fence)
                    ON c.device_id = m.device_id AND c.fence = m.fence)
            """;

    /** A held stream keeps back what the device did not ask for; answers and candidates pass, so that it goes on working. */
    private static final String NOT_HELD = """
            (o.kind IN ('flow_created', 'flow_failed')
                OR NOT EXISTS (SELECT FROM stream_hold h WHERE h.device_id = o.device_id))
            """;

    private Outbox() {}

    /** What is visible and not yet sent to these channels, in the order of the ids. */
    static List<Entry> unsent(Transaction transaction, List<Channel> channels) {
        return transaction.list(
                MINE + """
                        SELECT o.* FROM outbox o JOIN mine USING (device_id, account_id)
                        WHERE o.sent_at IS NULL AND
                        """ + NOT_HELD + """
                        ORDER BY o.id LIMIT ?
                        """,
                Entry::read,
                channels.stream().map(channel -> channel.device().id()).toList(),
                channels.stream().map(Channel::fence).toList(),
                BATCH);
    }

    static List<Candidates> candidates(Transaction transaction, List<Channel> channels) {
        return transaction.list(
                MINE + """
                        SELECT k.* FROM candidate k JOIN mine USING (device_id, account_id) ORDER BY k.id LIMIT ?
                        """,
                Candidates::read,
                channels.stream().map(channel -> channel.device().id()).toList(),
                channels.stream().map(Channel::fence).toList(),
                BATCH);
    }

    static void sent(Transaction transaction, List<Long> entries, List<Long> candidates) {
        if (!entries.isEmpty()) {
            transaction.update("UPDATE outbox SET sent_at = now() WHERE id = ANY (?)", entries);
        }
        if (!candidates.isEmpty()) {
            transaction.update("DELETE FROM candidate WHERE id = ANY (?)", candidates);
        }
    }

    /** Forgets what nobody can need any more. */
    static void forget(Transaction transaction) {
        transaction.update("DELETE FROM outbox WHERE sent_at < now() - interval '10 minutes'");
        // By then the grants have expired that these would end, and snapshots cover the rest.
        transaction.update("DELETE FROM outbox WHERE sent_at IS NULL AND inserted_at < now() - interval '8 days'");
        transaction.update("DELETE FROM outbox o WHERE o.sent_at IS NULL AND o.kind <> 'reject_access'"
                + " AND o.inserted_at < now() - interval '1 hour'");
        transaction.update("DELETE FROM candidate WHERE inserted_at < now() - interval '30 seconds'");
    }
}
