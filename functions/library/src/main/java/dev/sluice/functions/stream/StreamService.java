package dev.sluice.functions.stream;

import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an operator can do to the stream of a device; for tests of what devices do when they are not told. */
@ApplicationScoped
public class StreamService {
    private final Transactions transactions;
    private final Wake wake;

    @Inject
    public StreamService(Transactions transactions, Wake wake) {
        this.transactions = transactions;
        this.wake = wake;
    }

    /** What is for this device waits in the outbox. */
    public void hold(UUID accountId, UUID deviceId) {
        transactions
                .inAccount(accountId)
                .run(transaction -> transaction.update(
                        "INSERT INTO stream_hold (device_id, account_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        deviceId,
                        accountId));
    }

    /** The device is told what waited. */
    public void release(UUID accountId, UUID deviceId) {
        transactions
                .inAccount(accountId)
                .run(transaction -> transaction.update(
                        "DELETE FROM stream_hold WHERE account_id = ? AND device_id = ?", accountId, deviceId));
        wake.signal();
    }

    /**
     * Tells the gateways of a site that access to a resource ended, for every client that holds a flow, while the flows
     * stay: the message alone.
     *
     * @param clientId one client only; null for all
     * @return how many messages that makes
     */
    public int rejectAccess(UUID accountId, UUID siteId, UUID resourceId, @Nullable UUID clientId) {
        int told = transactions
                .inAccount(accountId)
                .call(transaction -> transaction.update("""
                WITH told AS (
                    INSERT INTO outbox (account_id, device_id, kind, client_id, gateway_id, resource_id, flow_id)
                    SELECT f.account_id, f.gateway_id, 'reject_access', f.client_id, f.gateway_id, f.resource_id, f.id
                    FROM flow f JOIN gateway g ON g.account_id = f.account_id AND g.id = f.gateway_id
                    WHERE f.account_id = ? AND g.site_id = ? AND f.resource_id = ? AND (?::uuid IS NULL OR f.client_id = ?)
                    RETURNING *)
                INSERT INTO audit_entry (account_id, action, subject, flow_id, client_id, resource_id, gateway_id)
                SELECT account_id, 'access_rejected', subject(), flow_id, client_id, resource_id, gateway_id FROM told
                """, accountId, siteId, resourceId, clientId, clientId));
        wake.signal();
        return told;
    }
}
