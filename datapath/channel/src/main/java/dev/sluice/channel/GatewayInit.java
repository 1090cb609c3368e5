package dev.sluice.channel;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The gateway's full snapshot, sent after each join: a grant that is absent is revoked, and one that is listed and not
 * held is not created.
 *
 * @param ipv4 the gateway's address in the tunnel, without prefix length
 */
public record GatewayInit(
        String accountSlug, String ipv4, String ipv6, List<Relay> relays, List<Authorization> authorizations)
        implements PortalToGateway {
    /** A client's live authorization for a resource through this gateway. */
    public record Authorization(UUID clientId, UUID resourceId, Instant expiresAt) {}

    public GatewayInit {
        relays = List.copyOf(relays);
        authorizations = List.copyOf(authorizations);
    }
}
