package dev.sluice.functions.device;

import java.time.Instant;
import java.util.UUID;

/**
 * What an operator sees of a device.
 *
 * @param online whether it has joined its channel on a portal that lives
 */
public record DeviceSummary(
        UUID id,
        Device.Role role,
        String name,
        String ipv4,
        String ipv6,
        String version,
        Instant lastSeenAt,
        boolean online) {}
