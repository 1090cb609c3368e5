package dev.sluice.functions.stream;

import dev.sluice.channel.GatewayCodec;
import dev.sluice.channel.GrantDigest;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.functions.sql.Transaction;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What our own gateways should have been told that clients may reach, summed up, so that each can hold it against what it
 * was told. What differs was lost, or changed by somebody who told nobody.
 */
final class GrantDigests {
    /** Of what ends sooner than this, one end may have forgotten it already. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private GrantDigests() {}

    /** As of the moment of this transaction, after what is unsent by then; a stream that is held keeps this back too. */
    static Map<Channel, Messages.Push> of(Transaction transaction, List<Channel> gateways) {
        if (gateways.isEmpty()) {
            return Map.of();
        }
        var ids = gateways.stream().map(channel -> channel.device().id()).toList();
        var accounts =
                gateways.stream().map(channel -> channel.device().accountId()).toList();
        var after = transaction.now().plus(MARGIN);
        var sums = new HashMap<UUID, GrantDigest.Sum>();
        transaction.list("""
                        SELECT due.id FROM unnest(?::uuid[]) AS due (id)
                        WHERE NOT EXISTS (SELECT FROM stream_hold h WHERE h.device_id = due.id)
                        """, row -> row.id("id"), ids).forEach(id -> sums.put(id, new GrantDigest.Sum(after)));
        transaction.list(
                """
                SELECT f.gateway_id, f.client_id, f.resource_id, f.expires_at
                FROM flow f JOIN unnest(?::uuid[], ?::uuid[]) AS due (account_id, id)
                  ON f.account_id = due.account_id AND f.gateway_id = due.id
                WHERE f.expires_at > ?
                """,
                row -> {
                    var sum = sums.get(row.id("gateway_id"));
                    if (sum != null) {
                        sum.add(row.id("client_id"), row.id("resource_id"), row.instant("expires_at"));
                    }
                    return true;
                },
                accounts,
                ids,
                after);
        var pushes = new HashMap<Channel, Messages.Push>();
        for (var channel : gateways) {
            var sum = sums.get(channel.device().id());
            if (sum != null) {
                pushes.put(channel, new Messages.Push(GatewayCodec.encode(sum.digest(), null), SluiceExtra.EMPTY));
            }
        }
        return pushes;
    }
}
