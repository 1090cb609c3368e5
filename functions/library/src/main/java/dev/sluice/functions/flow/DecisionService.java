package dev.sluice.functions.flow;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Reason;
import dev.sluice.functions.flow.Decision.Denied;
import dev.sluice.functions.flow.Decision.Granted;
import dev.sluice.functions.flow.Decision.Unserved;
import dev.sluice.functions.policy.PolicyChoice;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The decision: whether a client may reach a resource, and through which gateway. One transaction reads all that it rests
 * on, evaluates, and writes the flow, the audit entry and the outbox entry; only after its commit is anyone told.
 *
 * <p>The account's turn is what triggers alone cannot give: a decision that has read a policy while another transaction
 * disables it would commit a flow that nobody ends. While the turn is shared, whoever disables the policy waits for the
 * decision, and then its trigger sees the flow.
 *
 * <p>A repeat keeps the row, but evaluates anew, refreshes the expiry, raises the generation, and asks the gateway again,
 * which may have lost what the table still holds.
 */
@ApplicationScoped
public class DecisionService {
    /**
     * What the gateway confirmed before, it goes on holding while it is asked anew, unless one end has another key now. The
     * generation is drawn once the row is ours: who had it before has drawn his.
     */
    private static final String GRANT = """
            WITH granted AS (
                INSERT INTO flow (id, account_id, client_id, resource_id, gateway_id, policy_id, token_id, secret_id,
                                  membership_id, generation, state, deadline, ref, expires_at, client_public_key,
                                  gateway_public_key, client_remote_ip, client_user_agent, gateway_remote_ip)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, nextval('flow_generation'), 'pending', ?, ?, ?, ?, ?, ?::inet, ?,
                        ?::inet)
                ON CONFLICT (account_id, client_id, resource_id, gateway_id) DO UPDATE SET
                    policy_id = excluded.policy_id, token_id = excluded.token_id, secret_id = excluded.secret_id,
                    membership_id = excluded.membership_id, generation = nextval('flow_generation'),
                    held = (flow.held OR flow.state = 'authorized') AND flow.expires_at > now()
                        AND flow.client_public_key = excluded.client_public_key
                        AND flow.gateway_public_key = excluded.gateway_public_key,
                    earlier_refs = (CASE WHEN flow.ref IS NULL THEN flow.earlier_refs
                                         ELSE flow.ref || flow.earlier_refs END)[1:4],
                    state = 'pending', deadline = excluded.deadline, ref = excluded.ref,
                    expires_at = excluded.expires_at, client_public_key = excluded.client_public_key,
                    gateway_public_key = excluded.gateway_public_key, client_remote_ip = excluded.client_remote_ip,
                    client_user_agent = excluded.client_user_agent, gateway_remote_ip = excluded.gateway_remote_ip,
                    updated_at = now()
                RETURNING id, account_id, client_id, resource_id, gateway_id, policy_id, generation, expires_at, deadline
            ), awaited AS (
                INSERT INTO flow_deadline (flow_id, at) SELECT id, deadline FROM granted
            ), audited AS (
                INSERT INTO audit_entry (account_id, action, flow_id, client_id, resource_id, gateway_id, policy_id,
                                         generation, expires_at)
                SELECT account_id, 'flow_granted', id, client_id, resource_id, gateway_id, policy_id, generation,
                       expires_at
                FROM granted
            ), told AS (
                INSERT INTO outbox (account_id, device_id, kind, client_id, gateway_id, resource_id, flow_id, generation)
                SELECT account_id, gateway_id, 'authorize_flow', client_id, gateway_id, resource_id, id, generation
                FROM granted
            )
            SELECT id, generation FROM granted
            """;

    private static final String AUDIT_DENIAL = "SELECT audit_denial(?, ?, ?, ?)";

    private static final String TELL_DENIAL = """
            INSERT INTO outbox (account_id, device_id, kind, client_id, resource_id, reason, properties, seen)
            VALUES (?, ?, 'flow_failed', ?, ?, ?, ?, ?::jsonb)
            """;

    private final Transactions transactions;
    private final FlowSettings settings;
    // Shared by all decisions at once, which the default generator may not be.
    private final RandomGenerator random = new SecureRandom();

    @Inject
    public DecisionService(Transactions transactions, FlowSettings settings) {
        this.transactions = transactions;
        this.settings = settings;
    }

    /**
     * Decides. When this returns, the decision is durable, and nobody but the caller has heard of it.
     *
     * @throws dev.sluice.functions.sql.DatabaseFailure also when what it rests on stays locked: nothing is decided then
     */
    public Decision decide(Ask ask) {
        return transactions.inAccount(ask.accountId()).callImpatiently(transaction -> decide(transaction, ask));
    }

    private Decision decide(Transaction transaction, Ask ask) {
        var causes = Causes.read(transaction, ask);
        return switch (Verdict.of(causes.asker(), causes.policies())) {
            case Verdict.Refused refused -> {
                deny(transaction, ask, refused.detail());
                boolean ends = refused.byPolicies() && !causes.flows().isEmpty();
                if (ends) {
                    endWhatItHad(transaction, ask, refused.detail().reason());
                }
                yield new Denied(refused.detail(), ends);
            }
            case Verdict.Allowed allowed -> throughGateway(transaction, ask, causes, allowed);
        };
    }

    private Decision throughGateway(Transaction transaction, Ask ask, Causes causes, Verdict.Allowed allowed) {
        var asker = causes.asker();
        var client =
                new GatewayChoice.Client(asker.version(), asker.place(), ask.connectedGatewayIds(), causes.serving());
        var choice = GatewayChoice.among(causes.near(), asker.resourceType(), client);
        if (!(choice instanceof GatewayChoice.Among)) {
            choice = GatewayChoice.among(Causes.gateways(transaction, ask), asker.resourceType(), client);
        }
        return switch (choice) {
            case GatewayChoice.Unable unable -> new Unserved(Detail.of(Reason.GATEWAY_OFFLINE));
            case GatewayChoice.None none -> deny(transaction, ask, Detail.of(none.reason()));
            case GatewayChoice.Among among ->
                grant(transaction, ask, asker, allowed.by(), among.one(random), allowed.expiresAt());
        };
    }

    private Granted grant(
            Transaction transaction,
            Ask ask,
            Causes.Asker asker,
            PolicyChoice.Allowed allowed,
            GatewayChoice.Candidate gateway,
            Instant expiresAt) {
        return transaction.one(
                GRANT,
                row -> new Granted(row.id("id"), gateway.id(), row.number("generation"), expiresAt),
                Ids.next(),
                ask.accountId(),
                ask.clientId(),
                ask.resourceId(),
                gateway.id(),
                allowed.policyId(),
                ask.credential().tokenId(),
                ask.credential().secretId(),
                allowed.membershipId(),
                asker.now().plus(settings.answerWithin()),
                UUID.randomUUID(),
                expiresAt,
                asker.publicKey(),
                gateway.publicKey(),
                asker.subject().remoteIp(),
                asker.userAgent(),
                gateway.remoteIp());
    }

    private static Denied deny(Transaction transaction, Ask ask, Detail detail) {
        var reason = detail.reason().code();
        var pipeline = transaction.pipeline();
        pipeline.run(AUDIT_DENIAL, ask.clientId(), ask.resourceId(), reason, detail.properties());
        pipeline.run(
                TELL_DENIAL,
                ask.accountId(),
                ask.clientId(),
                ask.clientId(),
                ask.resourceId(),
                reason,
                detail.properties(),
                detail.seen().isEmpty() ? null : detail.toJson().get("seen").toString());
        pipeline.send();
        return new Denied(detail);
    }

    /** What a client may not be granted now, it may not keep from an earlier ask either. */
    private static void endWhatItHad(Transaction transaction, Ask ask, Reason because) {
        transaction.list("""
                SELECT end_flows(?, ARRAY(
                    SELECT id FROM flow WHERE account_id = ? AND client_id = ? AND resource_id = ?))
                """, row -> true, because.code(), ask.accountId(), ask.clientId(), ask.resourceId());
    }
}
