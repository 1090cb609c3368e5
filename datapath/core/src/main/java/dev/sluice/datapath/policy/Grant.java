package dev.sluice.datapath.policy;

import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway holds for a flow: this client may reach this resource until then.
 *
 * @param client who
 * @param resource what
 * @param networks the resource's addresses
 * @param filter what of it
 * @param expiresAtMillis the portal's milliseconds at which it is no longer good, {@link #NEVER} for no end
 * @param deadline the same on our monotonic clock, in nanoseconds, which alone decides
 * @param generation of the decision behind it: a greater one is a later decision; {@link #NO_GENERATION} from a portal
 *     that gives none
 */
public record Grant(
        UUID client,
        UUID resource,
        List<IpPrefix> networks,
        PacketFilter filter,
        long expiresAtMillis,
        long deadline,
        long generation)
        implements Rule {
    public static final long NEVER = Long.MAX_VALUE;

    public static final long NO_GENERATION = 0;

    private static final Instant EARLIEST = Instant.ofEpochMilli(Long.MIN_VALUE);
    private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

    public Grant {
        networks = List.copyOf(networks);
    }

    /** {@link #expiresAtMillis} of an instant, or of none; one beyond all milliseconds is the last of them. */
    public static long expiry(@Nullable Instant expiresAt) {
        if (expiresAt == null || expiresAt.isAfter(LATEST)) {
            return NEVER;
        }
        return expiresAt.isBefore(EARLIEST) ? Long.MIN_VALUE : expiresAt.toEpochMilli();
    }

    /** When it ends; null for never. */
    public @Nullable Instant expiresAt() {
        return expiresAtMillis == NEVER ? null : Instant.ofEpochMilli(expiresAtMillis);
    }

    /** @param now monotonic, in nanoseconds */
    public boolean isExpired(long now) {
        return now >= deadline && deadline != NEVER;
    }

    @Override
    public boolean permits(IpPacket packet, Direction direction, long now) {
        return !isExpired(now) && filter.permits(packet, direction);
    }

    /** The same decision about a resource whose filters or addresses changed. */
    public Grant withResource(List<IpPrefix> newNetworks, PacketFilter newFilter) {
        return new Grant(client, resource, newNetworks, newFilter, expiresAtMillis, deadline, generation);
    }

    /** The same decision, good until another time. */
    public Grant withExpiry(long newExpiresAtMillis, long newDeadline) {
        return new Grant(client, resource, networks, filter, newExpiresAtMillis, newDeadline, generation);
    }

    /** The same decision, by another count. */
    public Grant withGeneration(long newGeneration) {
        return new Grant(client, resource, networks, filter, expiresAtMillis, deadline, newGeneration);
    }
}
