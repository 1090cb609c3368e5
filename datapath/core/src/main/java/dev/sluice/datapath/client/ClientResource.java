package dev.sluice.datapath.client;

import dev.sluice.channel.Resource;
import dev.sluice.datapath.policy.Direction;
import dev.sluice.datapath.policy.Networks;
import dev.sluice.datapath.policy.PacketFilter;
import dev.sluice.datapath.policy.Rule;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A resource as this client knows it: what the portal says of it, and how far access to it has come. */
final class ClientResource implements Rule {
    /** Longer than a gateway that died goes unnoticed. */
    private static final long IN_USE = Duration.ofSeconds(30).toNanos();

    private final List<IpPrefix> networks;
    private Resource.Cidr description;
    private PacketFilter filter;

    private @Nullable GatewayPeer gateway;
    private @Nullable PendingFlow pending;
    private @Nullable Reauthorization reauthorization;
    private @Nullable Denial lastDenial;
    private boolean used;
    private long usedAt;

    ClientResource(Resource.Cidr description) {
        this.networks = Networks.of(description);
        this.description = description;
        this.filter = PacketFilter.compile(description.filters());
    }

    /** Takes over what may change without a change of access. */
    void describe(Resource.Cidr changed) {
        description = changed;
        filter = PacketFilter.compile(changed.filters());
    }

    Resource.Cidr description() {
        return description;
    }

    @Override
    public UUID resource() {
        return description.id();
    }

    @Override
    public List<IpPrefix> networks() {
        return networks;
    }

    @Override
    public boolean permits(IpPacket packet, Direction direction, long now) {
        return filter.permits(packet, direction);
    }

    /** Whether a grant for the one is good for the other: same addresses, same sites. */
    boolean isReachedLike(ClientResource other) {
        return networks.equals(other.networks)
                && Set.copyOf(description.sites()).equals(Set.copyOf(other.description.sites()));
    }

    /** Whether the filters let this packet of ours pass. */
    boolean permits(IpPacket packet) {
        return filter.permits(packet, Direction.OUTBOUND);
    }

    /** The gateway that granted it; null before and after. */
    @Nullable GatewayPeer gateway() {
        return gateway;
    }

    void gateway(@Nullable GatewayPeer granting) {
        gateway = granting;
    }

    @Nullable PendingFlow pending() {
        return pending;
    }

    void pending(@Nullable PendingFlow flow) {
        pending = flow;
    }

    boolean isAsked() {
        return pending != null && pending.isOpen();
    }

    /** Null until a gateway refused a packet for it. */
    @Nullable Reauthorization reauthorization() {
        return reauthorization;
    }

    Reauthorization startReauthorization() {
        if (reauthorization == null) {
            reauthorization = new Reauthorization();
        }
        return reauthorization;
    }

    /** A packet of it passes, in one direction or the other. */
    void used(long now) {
        used = true;
        usedAt = now;
    }

    /** Whether an application may still wait for something from it. */
    boolean isInUse(long now) {
        return used && now - usedAt <= IN_USE;
    }

    @Nullable Denial lastDenial() {
        return lastDenial;
    }

    void lastDenial(Denial denial) {
        lastDenial = denial;
    }
}
