package dev.sluice.functions.device;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A gateway as it is shown.
 *
 * @param externalId the id that the device has given itself
 * @param ipv4 in the tunnel
 * @param ipv6 in the tunnel
 */
public record GatewayView(
        UUID id,
        String externalId,
        UUID gatewayGroupId,
        String name,
        String ipv4,
        String ipv6,
        boolean online,
        String lastSeenUserAgent,
        @Nullable String lastSeenRemoteIp,
        String lastSeenVersion,
        Instant lastSeenAt,
        Instant insertedAt,
        long version)
        implements View {
    static GatewayView of(GatewayEntity gateway) {
        return new GatewayView(
                gateway.id(),
                gateway.externalId(),
                gateway.siteId(),
                gateway.name(),
                gateway.ipv4(),
                gateway.ipv6(),
                gateway.isOnline(),
                gateway.lastSeenUserAgent(),
                gateway.lastSeenRemoteIp(),
                gateway.lastSeenVersion(),
                gateway.lastSeenAt(),
                gateway.insertedAt(),
                gateway.version());
    }
}
