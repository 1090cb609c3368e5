package dev.sluice.datapath.gateway;

import dev.sluice.channel.GatewayInit;
import dev.sluice.channel.GrantDigest;
import dev.sluice.datapath.policy.Grant;
import dev.sluice.datapath.portal.PortalClock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the portal has said that clients may reach through this gateway, whether or not it came to a grant: what was listed
 * by a snapshot makes none, and a connection that says goodbye takes its grants along.
 */
final class ToldGrants {
    private record Access(UUID client, UUID resource) {}

    private final Map<Access, Instant> until = new HashMap<>();

    /** @param expiresAt null for never */
    void put(UUID client, UUID resource, @Nullable Instant expiresAt) {
        until.put(new Access(client, resource), expiresAt == null ? Instant.MAX : expiresAt);
    }

    /** It ends at another time; nothing if it was not said at all. */
    void until(UUID client, UUID resource, Instant expiresAt) {
        until.replace(new Access(client, resource), expiresAt);
    }

    void remove(UUID client, UUID resource) {
        until.remove(new Access(client, resource));
    }

    /** What is absent is no longer said. */
    void replaceAll(List<GatewayInit.Authorization> snapshot) {
        until.clear();
        snapshot.forEach(
                authorization -> put(authorization.clientId(), authorization.resourceId(), authorization.expiresAt()));
    }

    void removeExpired(PortalClock clock, long now) {
        until.values().removeIf(expiresAt -> clock.deadline(Grant.expiry(expiresAt), now) <= now);
    }

    /** The sum of what ends later than this. */
    GrantDigest digest(Instant after) {
        var sum = new GrantDigest.Sum(after);
        until.forEach((access, expiresAt) -> sum.add(access.client(), access.resource(), expiresAt));
        return sum.digest();
    }
}
