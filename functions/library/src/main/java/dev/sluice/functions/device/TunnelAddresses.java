package dev.sluice.functions.device;

import dev.sluice.functions.sql.Transaction;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Addresses in the tunnel: of each account and family 2^21, the first and the last two of which stay free. They are drawn
 * at random, then the next free one is taken, first upwards and then downwards.
 */
final class TunnelAddresses {
    static final String IPV4_NETWORK = "100.64.0.0";
    static final String IPV6_NETWORK = "fd00:2021:1111::";
    private static final long HOSTS = 1L << 21;
    private static final long FIRST = 2;
    private static final long LAST = HOSTS - 2;

    /**
     * Each address is looked up by itself (OFFSET keeps the planner from a join over all two million) and computed before:
     * under row-level security only a comparison that cannot leak, which the sum is not, may use the index.
     */
    private static final String ALLOCATE = """
            INSERT INTO tunnel_address (account_id, address)
            SELECT ?, drawn.address
            FROM (SELECT ?::inet + generate_series(?::bigint, ?::bigint, ?::bigint) AS address) AS drawn
            WHERE NOT EXISTS (SELECT FROM tunnel_address t
                              WHERE t.account_id = ? AND t.address = drawn.address OFFSET 0)
            LIMIT 1
            ON CONFLICT DO NOTHING
            RETURNING host(address) AS address
            """;

    /** One that another transaction took meanwhile is drawn anew this often. */
    private static final int ATTEMPTS = 10;

    private final RandomGenerator random;

    TunnelAddresses(RandomGenerator random) {
        this.random = random;
    }

    /** A free address of the network, now taken; empty if the account has used all. */
    Optional<String> allocate(Transaction transaction, UUID accountId, String network) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long start = random.nextLong(FIRST, LAST + 1);
            var found = scan(transaction, accountId, network, start, LAST, 1)
                    .or(() -> scan(transaction, accountId, network, start, FIRST, -1));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> scan(
            Transaction transaction, UUID accountId, String network, long from, long to, long step) {
        return transaction.first(ALLOCATE, row -> row.text("address"), accountId, network, from, to, step, accountId);
    }
}
