package dev.sluice.functions.device;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;

/**
 * A client or a gateway, as far as both are alike.
 *
 * @param type {@code client} or {@code gateway}
 * @param ipv4 in the tunnel
 * @param ipv6 in the tunnel
 * @param online whether it has joined its channel on a portal that lives
 */
public record DeviceSummary(
        UUID id,
        String type,
        String name,
        String ipv4,
        String ipv6,
        String lastSeenVersion,
        Instant lastSeenAt,
        boolean online)
        implements View {
    /** Nothing of it is changed here. */
    @Override
    public long version() {
        return 1;
    }
}
