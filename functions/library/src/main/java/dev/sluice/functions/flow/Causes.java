package dev.sluice.functions.flow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.channel.Reason;
import dev.sluice.functions.device.SoftwareVersion;
import dev.sluice.functions.policy.Condition;
import dev.sluice.functions.policy.PolicyChoice;
import dev.sluice.functions.policy.Subject;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision rests on, read by one statement that locks every row of it until the decision is committed. Who ends
 * one of them waits for that, and then finds the flow.
 *
 * @param ended why the client may ask for nothing at all; null if it may
 * @param tokenExpiresAt until when the client's token lasts
 * @param hasSites whether the resource stands anywhere at all
 * @param resourceType as the database has it, empty if there is no such resource
 * @param policies through which its actor reaches the resource, the disabled ones too
 */
record Causes(
        Instant now,
        @Nullable Reason ended,
        String clientPublicKey,
        String clientUserAgent,
        Optional<SoftwareVersion> clientVersion,
        Subject subject,
        Instant tokenExpiresAt,
        boolean hasSites,
        String resourceType,
        List<PolicyChoice.Candidate> policies,
        List<GatewayChoice.Candidate> gateways) {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /**
     * Locked in the order of the columns below, and within a table in the order of the ids: what owns before what it owns, as
     * deletions go too, so that the two do not deadlock.
     */
    private static final String LOCKING_READ = """
            WITH asked AS (SELECT ?::uuid AS account_id, ?::uuid AS client_id, ?::uuid AS token_id, ?::uuid AS resource_id),
            tenant AS MATERIALIZED (
                SELECT a.disabled_at IS NOT NULL AS disabled
                FROM account a WHERE a.id = (SELECT account_id FROM asked) FOR SHARE OF a),
            acting AS MATERIALIZED (
                SELECT a.id, a.type, a.disabled_at IS NOT NULL AS disabled
                FROM actor a
                WHERE a.account_id = (SELECT account_id FROM asked)
                  AND a.id = (SELECT c.actor_id FROM client c
                              WHERE c.account_id = (SELECT account_id FROM asked)
                                AND c.id = (SELECT client_id FROM asked))
                FOR SHARE OF a),
            target AS MATERIALIZED (
                SELECT r.id, r.type FROM resource r
                WHERE r.account_id = (SELECT account_id FROM asked) AND r.id = (SELECT resource_id FROM asked)
                FOR SHARE OF r),
            credential AS MATERIALIZED (
                SELECT t.actor_id, t.expires_at, t.expires_at <= clock_timestamp() AS expired
                FROM token t
                WHERE t.account_id = (SELECT account_id FROM asked) AND t.id = (SELECT token_id FROM asked)
                  AND t.type = 'client' FOR SHARE OF t),
            subject AS MATERIALIZED (
                SELECT c.actor_id, c.public_key, c.last_seen_version AS version, c.last_seen_user_agent AS user_agent,
                       host(c.last_seen_remote_ip) AS remote_ip, c.last_seen_region AS region,
                       c.verified_at IS NOT NULL AS verified
                FROM client c
                WHERE c.account_id = (SELECT account_id FROM asked) AND c.id = (SELECT client_id FROM asked)
                FOR SHARE OF c),
            everyone AS MATERIALIZED (
                SELECT g.id FROM actor_group g
                WHERE g.account_id = (SELECT account_id FROM asked) AND g.type = 'everyone'
                  AND (SELECT type FROM acting) IN ('user', 'admin')
                  AND EXISTS (SELECT FROM policy p
                              WHERE p.account_id = g.account_id AND p.group_id = g.id
                                AND p.resource_id = (SELECT resource_id FROM asked))
                FOR SHARE OF g),
            by_membership AS MATERIALIZED (
                SELECT p.id AS policy_id, m.id AS membership_id, p.disabled_at IS NULL AS enabled, p.conditions
                FROM policy p
                JOIN membership m ON m.account_id = p.account_id AND m.group_id = p.group_id
                WHERE p.account_id = (SELECT account_id FROM asked) AND p.resource_id = (SELECT resource_id FROM asked)
                  AND m.actor_id = (SELECT id FROM acting)
                ORDER BY p.id FOR SHARE OF p, m),
            by_everyone AS MATERIALIZED (
                SELECT p.id AS policy_id, NULL AS membership_id, p.disabled_at IS NULL AS enabled, p.conditions
                FROM policy p
                WHERE p.account_id = (SELECT account_id FROM asked) AND p.resource_id = (SELECT resource_id FROM asked)
                  AND p.group_id = (SELECT id FROM everyone)
                ORDER BY p.id FOR SHARE OF p),
            server AS MATERIALIZED (
                SELECT g.id, g.public_key, g.last_seen_version AS version, host(g.last_seen_remote_ip) AS remote_ip,
                       g.serves,
                       EXISTS (SELECT FROM flow f
                               WHERE f.account_id = g.account_id AND f.client_id = (SELECT client_id FROM asked)
                                 AND f.resource_id = s.resource_id AND f.gateway_id = g.id
                                 AND f.state = 'authorized' AND f.expires_at > now()) AS serving
                FROM resource_site s
                JOIN gateway g ON g.account_id = s.account_id AND g.site_id = s.site_id
                WHERE s.account_id = (SELECT account_id FROM asked) AND s.resource_id = (SELECT resource_id FROM asked)
                  AND EXISTS (SELECT FROM channel c JOIN instance i ON i.id = c.instance_id
                              WHERE c.device_id = g.id AND i.seen_at > now() - interval '15 seconds')
                ORDER BY g.id FOR SHARE OF s, g)
            SELECT (SELECT to_jsonb(t) FROM tenant t) AS tenant,
                   (SELECT to_jsonb(a) FROM acting a) AS actor,
                   EXISTS (SELECT FROM target) AS resource_exists,
                   coalesce((SELECT t.type FROM target t), '') AS resource_type,
                   EXISTS (SELECT FROM resource_site s
                           WHERE s.account_id = (SELECT account_id FROM asked)
                             AND s.resource_id = (SELECT resource_id FROM asked)) AS has_sites,
                   (SELECT to_jsonb(c) FROM credential c) AS credential,
                   (SELECT to_jsonb(s) FROM subject s) AS subject,
                   EXISTS (SELECT FROM everyone) AS is_one_of_everyone,
                   (SELECT jsonb_agg(p) FROM by_membership p) AS by_membership,
                   (SELECT jsonb_agg(p) FROM by_everyone p) AS by_everyone,
                   (SELECT jsonb_agg(g) FROM server g) AS servers,
                   (SELECT c.expires_at FROM credential c) AS token_expires_at,
                   clock_timestamp() AS now
            """;

    static Causes lock(Transaction transaction, Ask ask) {
        return transaction.one(
                LOCKING_READ, Causes::read, ask.accountId(), ask.clientId(), ask.tokenId(), ask.resourceId());
    }

    private static Causes read(Row row) {
        var now = row.instant("now");
        var tenant = json(row, "tenant");
        var client = json(row, "subject");
        var actor = json(row, "actor");
        var token = json(row, "credential");
        var policies = new ArrayList<PolicyChoice.Candidate>();
        if (row.flag("resource_exists")) {
            json(row, "by_membership").forEach(policy -> policies.add(policy(policy)));
            json(row, "by_everyone").forEach(policy -> policies.add(policy(policy)));
        }
        var gateways = new ArrayList<GatewayChoice.Candidate>();
        json(row, "servers").forEach(gateway -> gateways.add(gateway(gateway)));
        return new Causes(
                now,
                ended(tenant, actor, client, token),
                client.path("public_key").asText(),
                client.path("user_agent").asText(),
                SoftwareVersion.parse(client.path("version").asText()),
                new Subject(
                        client.path("remote_ip").textValue(),
                        client.path("region").textValue(),
                        null,
                        client.path("verified").asBoolean(),
                        now),
                Objects.requireNonNullElse(row.optionalInstant("token_expires_at"), Instant.EPOCH),
                row.flag("has_sites"),
                row.text("resource_type"),
                policies,
                gateways);
    }

    private static @Nullable Reason ended(JsonNode tenant, JsonNode actor, JsonNode client, JsonNode token) {
        if (tenant.path("disabled").asBoolean()) {
            return Reason.ACCOUNT_DISABLED;
        }
        if (!client.isObject() || !actor.isObject()) {
            return Reason.CLIENT_DELETED;
        }
        if (!token.isObject()) {
            return Reason.TOKEN_DELETED;
        }
        if (token.path("expired").asBoolean()) {
            return Reason.TOKEN_EXPIRED;
        }
        if (!token.path("actor_id").asText().equals(actor.path("id").asText())
                || !client.path("actor_id").asText().equals(actor.path("id").asText())) {
            return Reason.TOKEN_INVALID;
        }
        return actor.path("disabled").asBoolean() ? Reason.ACTOR_DISABLED : null;
    }

    private static PolicyChoice.Candidate policy(JsonNode json) {
        var membership = json.path("membership_id").textValue();
        return new PolicyChoice.Candidate(
                UUID.fromString(json.path("policy_id").asText()),
                membership == null ? null : UUID.fromString(membership),
                json.path("enabled").asBoolean(),
                Condition.fromJson(json.path("conditions")));
    }

    private static GatewayChoice.Candidate gateway(JsonNode json) {
        return new GatewayChoice.Candidate(
                UUID.fromString(json.path("id").asText()),
                json.path("public_key").asText(),
                SoftwareVersion.parse(json.path("version").asText()),
                json.path("remote_ip").textValue(),
                types(json.path("serves")),
                json.path("serving").asBoolean());
    }

    private static @Nullable List<String> types(JsonNode json) {
        return json.isArray() ? json.valueStream().map(JsonNode::asText).toList() : null;
    }

    private static JsonNode json(Row row, String column) {
        var text = row.optionalText(column);
        try {
            return text == null ? MAPPER.missingNode() : MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database made no JSON of " + column, e);
        }
    }
}
