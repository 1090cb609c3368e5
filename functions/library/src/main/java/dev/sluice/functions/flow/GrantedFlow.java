package dev.sluice.functions.flow;

import dev.sluice.functions.device.ConnectionSecrets;
import dev.sluice.functions.sql.Row;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A flow with both its ends, as they are told of it: as it stands at that moment. */
public record GrantedFlow(
        String state,
        @Nullable UUID ref,
        @Nullable Instant deadline,
        Instant expiresAt,
        Instant now,
        UUID siteId,
        ConnectionSecrets.End client,
        String clientIpv4,
        String clientIpv6,
        ConnectionSecrets.End gateway,
        String gatewayIpv4,
        String gatewayIpv6,
        Subject subject) {
    /** Who reaches what, by which policy, since when. */
    public record Subject(UUID policyId, UUID actorId, String actorName, String resourceName, Instant authorizedAt) {}

    /** Of a query that has the outbox as {@code o} and joins by {@link #JOIN}. */
    public static final String COLUMNS = """
            f.state AS flow_state, f.ref AS flow_ref, f.deadline AS flow_deadline, f.expires_at AS flow_expires_at,
            now() AS flow_now, g.site_id AS flow_site_id,
            fc.public_key AS client_key, fc.psk_base AS client_base, host(fc.ipv4) AS client_ipv4,
            host(fc.ipv6) AS client_ipv6, g.public_key AS gateway_key, g.psk_base AS gateway_base,
            host(g.ipv4) AS gateway_ipv4, host(g.ipv6) AS gateway_ipv6,
            f.policy_id AS flow_policy_id, f.updated_at AS flow_updated_at, fa.id AS flow_actor_id,
            fa.name AS flow_actor_name, fr.name AS flow_resource_name
            """;

    /** Only while the flow has the entry's generation, and both ends the keys for which it was granted. */
    public static final String JOIN = """
            LEFT JOIN (flow f
                JOIN client fc ON fc.account_id = f.account_id AND fc.id = f.client_id
                              AND fc.public_key = f.client_public_key
                JOIN actor fa ON fa.account_id = f.account_id AND fa.id = fc.actor_id
                JOIN resource fr ON fr.account_id = f.account_id AND fr.id = f.resource_id
                JOIN gateway g ON g.account_id = f.account_id AND g.id = f.gateway_id
                              AND g.public_key = f.gateway_public_key)
                ON o.kind IN ('authorize_flow', 'flow_created') AND f.account_id = o.account_id AND f.id = o.flow_id
                   AND f.generation = o.generation AND f.expires_at > now()
            """;

    /** Of an entry with these columns; null if it grants nothing, or nothing that stands. */
    public static @Nullable GrantedFlow read(Row row) {
        var state = row.optionalText("flow_state");
        return state == null
                ? null
                : new GrantedFlow(
                        state,
                        row.optionalId("flow_ref"),
                        row.optionalInstant("flow_deadline"),
                        row.instant("flow_expires_at"),
                        row.instant("flow_now"),
                        row.id("flow_site_id"),
                        new ConnectionSecrets.End(
                                row.id("client_id"), row.text("client_key"), row.bytes("client_base")),
                        row.text("client_ipv4"),
                        row.text("client_ipv6"),
                        new ConnectionSecrets.End(
                                row.id("gateway_id"), row.text("gateway_key"), row.bytes("gateway_base")),
                        row.text("gateway_ipv4"),
                        row.text("gateway_ipv6"),
                        new Subject(
                                row.id("flow_policy_id"),
                                row.id("flow_actor_id"),
                                row.text("flow_actor_name"),
                                row.text("flow_resource_name"),
                                row.instant("flow_updated_at")));
    }

    /** Whether the gateway is asked for it, and can still answer. */
    public boolean isAsked() {
        return ref != null && deadline != null && deadline.isAfter(now);
    }

    public boolean isConfirmed() {
        return state.equals("authorized");
    }
}
