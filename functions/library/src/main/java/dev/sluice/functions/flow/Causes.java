package dev.sluice.functions.flow;

import dev.sluice.channel.Reason;
import dev.sluice.functions.address.Coordinates;
import dev.sluice.functions.device.SoftwareVersion;
import dev.sluice.functions.policy.PolicyChoice;
import dev.sluice.functions.policy.PolicyRows;
import dev.sluice.functions.policy.Subject;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Turns;
import dev.sluice.functions.sql.TypedArray;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision rests on. Until it is committed nobody ends any of it: the account's and the client's
 * turn are shared before it is read.
 *
 * <p>The account in these statements is the transaction's. If it were a parameter, the executor would have to ask for each
 * table whether it is the one that row-level security shows: a fifth of what they cost.
 *
 * @param policies through which the client's actor reaches the resource, the disabled ones too
 * @param near the gateways that could serve it and that it has something to do with already
 * @param flows that the client has to the resource
 */
record Causes(
        Asker asker, List<PolicyChoice.Candidate> policies, List<GatewayChoice.Candidate> near, List<Through> flows) {
    /** A flow of the client to the resource. */
    record Through(UUID gatewayId, boolean serving) {}

    /**
     * Who asks, and for what.
     *
     * @param ended why the client may ask for nothing at all; null if it may
     * @param place where it is; null if not known
     * @param tokenExpiresAt until when the client's token lasts
     * @param resourceType as the database has it, empty if there is no such resource
     * @param hasSites whether the resource stands anywhere at all
     */
    record Asker(
            Instant now,
            @Nullable Reason ended,
            String publicKey,
            String userAgent,
            Optional<SoftwareVersion> version,
            @Nullable Coordinates place,
            Subject subject,
            Instant tokenExpiresAt,
            String resourceType,
            boolean hasSites) {
        /** The same of another place or time. */
        Asker as(Subject other) {
            return new Asker(
                    other.now(),
                    ended,
                    publicKey,
                    userAgent,
                    version,
                    place,
                    other,
                    tokenExpiresAt,
                    resourceType,
                    hasSites);
        }
    }

    /** Whether the gateway of a flow {@code f} serves the client for it now. */
    static final String SERVING = "f.state = 'authorized' AND f.expires_at > now()";

    /** In the order of the ids, in which everyone locks them: from here on nobody else raises their generation. */
    private static final String LOCK_FLOWS = """
            SELECT f.gateway_id, %s AS serving FROM flow f
            WHERE f.account_id = current_account() AND f.client_id = ? AND f.resource_id = ? ORDER BY f.id FOR UPDATE
            """.replace("%s", SERVING);

    private static final String ASKER = """
            SELECT t.disabled_at IS NOT NULL AS account_disabled,
                   c.public_key, c.last_seen_version, c.last_seen_user_agent, c.last_seen_latitude,
                   c.last_seen_longitude, %s,
                   a.id AS actor_id, a.disabled_at IS NOT NULL AS actor_disabled,
                   k.actor_id AS token_actor_id, k.expires_at, k.expires_at <= clock_timestamp() AS token_expired,
                   coalesce(r.type, '') AS resource_type,
                   EXISTS (SELECT FROM resource_site s WHERE s.account_id = r.account_id AND s.resource_id = r.id)
                       AS has_sites,
                   ch.ended
            FROM account t
            LEFT JOIN client c ON c.account_id = t.id AND c.id = ?
            LEFT JOIN channel ch ON ch.device_id = c.id
            LEFT JOIN actor a ON a.account_id = c.account_id AND a.id = c.actor_id
            LEFT JOIN token_secret s ON s.account_id = t.id AND s.token_id = ? AND s.id = ?
            LEFT JOIN token k ON k.account_id = s.account_id AND k.id = s.token_id AND k.type = 'client'
            LEFT JOIN resource r ON r.account_id = t.id AND r.id = ?
            WHERE t.id = current_account()
            """.replace("%s", Subject.ofClient("k.provider_id"));

    /**
     * Gateways that are online and stand at a site of the resource. Whether one is online is asked for each of them: the
     * planner would rather gather all channels of the account first, as long as it takes them for few.
     */
    private static final String GATEWAYS = """
            SELECT g.id, g.public_key, g.last_seen_version, host(g.last_seen_remote_ip) AS remote_ip,
                   g.last_seen_latitude, g.last_seen_longitude, g.serves
            FROM resource_site s
            JOIN gateway g ON g.account_id = s.account_id AND g.site_id = s.site_id
            WHERE s.account_id = current_account() AND s.resource_id = ?
              AND EXISTS (SELECT FROM online o WHERE o.device_id = g.id OFFSET 0)
            """;

    /** Few of them, where the client goes on using what it uses. */
    private static final String NEAR = GATEWAYS + """
              AND g.id = ANY (?::uuid[] || ARRAY(SELECT f.gateway_id FROM flow f
                                         WHERE f.account_id = current_account() AND f.client_id = ?
                                           AND f.resource_id = ?))
            """;

    /** Reads everything in one round trip, for which the transaction must be fresh. */
    static Causes read(Transaction transaction, Ask ask) {
        var account = ask.accountId();
        var client = ask.clientId();
        var resource = ask.resourceId();
        var pipeline = transaction.pipeline();
        Turns.share(pipeline, account, client);
        var flows = pipeline.list(
                LOCK_FLOWS, row -> new Through(row.id("gateway_id"), row.flag("serving")), client, resource);
        var asker = pipeline.list(
                ASKER,
                Causes::asker,
                client,
                ask.credential().tokenId(),
                ask.credential().secretId(),
                resource);
        var policies = PolicyRows.one(pipeline, client, resource);
        var near = pipeline.list(
                NEAR, Causes::gateway, resource, TypedArray.ofIds(ask.connectedGatewayIds()), client, resource);
        pipeline.send();
        return new Causes(
                asker.get().getFirst(),
                policies.get().stream().map(PolicyRows.Reaching::policy).toList(),
                near.get(),
                flows.get());
    }

    /** Through which gateways the client is served already. */
    List<UUID> serving() {
        return flows.stream().filter(Through::serving).map(Through::gatewayId).toList();
    }

    /** Who asks, as of now, and without a hold on anything: nothing may be decided by it. */
    static Asker asker(Transaction transaction, Ask ask) {
        return transaction.one(
                ASKER,
                Causes::asker,
                ask.clientId(),
                ask.credential().tokenId(),
                ask.credential().secretId(),
                ask.resourceId());
    }

    /** All gateways at the sites of the resource that are online. */
    static List<GatewayChoice.Candidate> gateways(Transaction transaction, Ask ask) {
        return transaction.list(GATEWAYS, Causes::gateway, ask.resourceId());
    }

    private static Asker asker(Row row) {
        var subject = Subject.read(row);
        return new Asker(
                subject.now(),
                ended(row),
                Objects.requireNonNullElse(row.optionalText("public_key"), ""),
                Objects.requireNonNullElse(row.optionalText("last_seen_user_agent"), ""),
                SoftwareVersion.parse(Objects.requireNonNullElse(row.optionalText("last_seen_version"), "")),
                place(row),
                subject,
                Objects.requireNonNullElse(row.optionalInstant("expires_at"), Instant.EPOCH),
                row.text("resource_type"),
                row.flag("has_sites"));
    }

    private static @Nullable Reason ended(Row row) {
        var actor = row.optionalId("actor_id");
        var tokenActor = row.optionalId("token_actor_id");
        if (row.flag("account_disabled")) {
            return Reason.ACCOUNT_DISABLED;
        }
        if (actor == null) {
            return Reason.CLIENT_DELETED;
        }
        if (tokenActor == null) {
            return Reason.TOKEN_DELETED;
        }
        if (row.flag("token_expired")) {
            return Reason.TOKEN_EXPIRED;
        }
        if (!tokenActor.equals(actor)) {
            return Reason.TOKEN_INVALID;
        }
        if (row.flag("actor_disabled")) {
            return Reason.ACTOR_DISABLED;
        }
        var signedOut = row.optionalText("ended");
        return signedOut == null ? null : Reason.of(signedOut).orElse(Reason.TOKEN_INVALID);
    }

    static GatewayChoice.Candidate gateway(Row row) {
        return new GatewayChoice.Candidate(
                row.id("id"),
                row.text("public_key"),
                SoftwareVersion.parse(row.text("last_seen_version")),
                row.optionalText("remote_ip"),
                place(row),
                row.optionalTexts("serves"));
    }

    private static @Nullable Coordinates place(Row row) {
        var latitude = row.optionalFraction("last_seen_latitude");
        var longitude = row.optionalFraction("last_seen_longitude");
        return latitude == null || longitude == null ? null : new Coordinates(latitude, longitude);
    }
}
