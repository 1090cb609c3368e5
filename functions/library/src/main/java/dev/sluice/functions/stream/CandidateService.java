package dev.sluice.functions.stream;

import dev.sluice.functions.device.Device;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;

/** Passes ICE candidates between peers that share a flow. Those for a peer that is not here are dropped. */
@ApplicationScoped
public class CandidateService {
    static final int MAX_CANDIDATES = 64;
    static final int MAX_LENGTH = 512;
    static final int MAX_PEERS = 64;

    private final Transactions transactions;

    @Inject
    public CandidateService(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Puts candidates on their way to the peers.
     *
     * @return to which peers
     */
    List<UUID> pass(Device from, List<UUID> peers, List<String> candidates, boolean removed) {
        var kept = candidates.stream()
                .filter(candidate -> candidate.length() <= MAX_LENGTH)
                .limit(MAX_CANDIDATES)
                .toList();
        var to = peers.stream().distinct().limit(MAX_PEERS).toList();
        if (kept.isEmpty() || to.isEmpty()) {
            return List.of();
        }
        return transactions
                .inAccount(from.accountId())
                .call(transaction -> transaction.list(
                        """
                INSERT INTO candidate (account_id, device_id, peer_id, removed, candidates)
                SELECT c.account_id, c.device_id, ?, ?, ?
                FROM channel c
                WHERE c.account_id = ? AND c.device_id = ANY (?)
                  AND EXISTS (SELECT FROM flow f
                              WHERE f.account_id = c.account_id
                                AND (f.client_id, f.gateway_id) IN ((c.device_id, ?), (?, c.device_id)))
                RETURNING device_id
                """,
                        row -> row.id("device_id"),
                        from.id(),
                        removed,
                        kept,
                        from.accountId(),
                        to,
                        from.id(),
                        from.id()));
    }
}
