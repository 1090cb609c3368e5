package dev.sluice.functions.device;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A client as it is shown.
 *
 * @param externalId the id that the device has given itself
 * @param ipv4 in the tunnel
 * @param ipv6 in the tunnel
 * @param verifiedAt null while nobody says that it is whose it claims to be
 */
public record ClientView(
        UUID id,
        String externalId,
        UUID actorId,
        String name,
        String ipv4,
        String ipv6,
        boolean online,
        String lastSeenUserAgent,
        @Nullable String lastSeenRemoteIp,
        String lastSeenVersion,
        Instant lastSeenAt,
        @Nullable Instant verifiedAt,
        Instant insertedAt,
        long version)
        implements View {
    static ClientView of(ClientEntity client) {
        return new ClientView(
                client.id(),
                client.externalId(),
                client.actorId(),
                client.name(),
                client.ipv4(),
                client.ipv6(),
                client.isOnline(),
                client.lastSeenUserAgent(),
                client.lastSeenRemoteIp(),
                client.lastSeenVersion(),
                client.lastSeenAt(),
                client.verifiedAt(),
                client.insertedAt(),
                client.version());
    }
}
