package dev.sluice.datapath.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.AccessAuthorizationExpiryUpdated;
import dev.sluice.channel.AuthorizeFlow;
import dev.sluice.channel.Filter;
import dev.sluice.channel.GatewayInit;
import dev.sluice.channel.PortalToGateway;
import dev.sluice.channel.RejectAccess;
import dev.sluice.channel.Resource;
import dev.sluice.channel.ResourceUpdated;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.portal.PortalDown;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.PacketLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Knows what one gateway process was told, apart from the gateway, in the plainest way there is; and holds every packet
 * to it (I1), and to what the portal has decided a little while ago (I2).
 */
final class GrantWitness {
    /** How long a revocation may take to a gateway that the portal reaches. */
    private static final Duration REVOCATION_BOUND = Duration.ofMillis(500);

    private record Held(
            UUID client,
            String ipv4,
            String ipv6,
            Resource.Cidr resource,
            @Nullable Instant expiresAt) {
        boolean isOf(IpAddress address) {
            return address.equals(IpAddress.parse(ipv4)) || address.equals(IpAddress.parse(ipv6));
        }

        boolean covers(IpAddress address) {
            return IpPrefix.parse(resource.address()).contains(address);
        }

        boolean lives(Instant now) {
            return expiresAt == null || now.isBefore(expiresAt);
        }

        boolean permits(IpPacket packet, int port) {
            if (resource.filters().isEmpty()) {
                return true;
            }
            return resource.filters().stream().anyMatch(filter -> switch (filter.protocol()) {
                case TCP -> packet.isTcp() && contains(filter, port);
                case UDP -> packet.isUdp() && contains(filter, port);
                case ICMP -> packet.isIcmp();
            });
        }

        private static boolean contains(Filter filter, int port) {
            return filter.ports() == null
                    || filter.ports().start() <= port && port <= filter.ports().end();
        }
    }

    private final World world;
    private final UUID gateway;
    private final Map<StubPortal.Access, Held> grants = new HashMap<>();
    private final Map<StubPortal.Access, Long> unheldSince = new HashMap<>();

    GrantWitness(World world, UUID gateway) {
        this.world = world;
        this.gateway = gateway;
    }

    void received(PortalToGateway message, @Nullable SluiceExtra extra) {
        switch (message) {
            case AuthorizeFlow flow ->
                grants.put(
                        new StubPortal.Access(
                                flow.client().id(), flow.resource().id()),
                        new Held(
                                flow.client().id(),
                                flow.client().ipv4(),
                                flow.client().ipv6(),
                                (Resource.Cidr) flow.resource(),
                                flow.expiresAt()));
            case RejectAccess rejected -> {
                StubPortal.Flow flow = world.portal().flow(rejected.clientId(), rejected.resourceId());
                boolean older = extra != null
                        && extra.generation() != null
                        && flow != null
                        && flow.gateway().equals(gateway)
                        && extra.generation() < flow.generation();
                if (!older) {
                    grants.remove(new StubPortal.Access(rejected.clientId(), rejected.resourceId()));
                }
            }
            case GatewayInit init -> {
                Map<StubPortal.Access, Instant> live = new HashMap<>();
                init.authorizations()
                        .forEach(each ->
                                live.put(new StubPortal.Access(each.clientId(), each.resourceId()), each.expiresAt()));
                grants.keySet().retainAll(live.keySet());
                grants.replaceAll(
                        (access, held) -> new Held(held.client, held.ipv4, held.ipv6, held.resource, live.get(access)));
            }
            case AccessAuthorizationExpiryUpdated updated ->
                grants.computeIfPresent(
                        new StubPortal.Access(updated.clientId(), updated.resourceId()),
                        (access, held) ->
                                new Held(held.client, held.ipv4, held.ipv6, held.resource, updated.expiresAt()));
            case ResourceUpdated updated ->
                grants.replaceAll((access, held) -> access.resource()
                                .equals(updated.resource().id())
                        ? new Held(
                                held.client, held.ipv4, held.ipv6, (Resource.Cidr) updated.resource(), held.expiresAt)
                        : held);
            default -> {
                // Says nothing of grants.
            }
        }
    }

    void down(PortalDown why) {
        if (why.signedOut()) {
            grants.clear();
        }
    }

    /** A packet reached a resource. */
    void checkDelivered(IpPacket packet) {
        List<Held> covering = grants.values().stream()
                .filter(held -> held.isOf(packet.source()) && held.covers(packet.destination()))
                .filter(held -> held.lives(world.timeline().clock().instant()))
                .filter(held -> held.permits(packet, packet.destinationPort()))
                .toList();
        assertThat(covering)
                .as("%s: a packet reached a resource without a grant", world.describe())
                .isNotEmpty();
        assertThat(covering)
                .as("%s: a packet reached a resource long after the portal ended access", world.describe())
                .anyMatch(this::isCurrent);
    }

    /** Whether a packet may go from a resource to a client. */
    boolean permitsInbound(IpPacket packet) {
        return packet.isIcmpError()
                || grants.values().stream()
                        .anyMatch(held -> held.isOf(packet.destination())
                                && held.covers(packet.source())
                                && held.lives(world.timeline().clock().instant())
                                && held.permits(packet, packet.sourcePort()));
    }

    /** Of what a resource sent without a grant, at most an ICMP error of the gateway's own went to the client. */
    void checkWithheld(PacketLedger.Counts before, PacketLedger.Counts after) {
        assertThat(after.delivered() - before.delivered())
                .as("%s: a packet went to a client without a grant", world.describe())
                .isEqualTo(after.originated() - before.originated());
    }

    private boolean isCurrent(Held held) {
        StubPortal.Access access = new StubPortal.Access(held.client, held.resource.id());
        StubPortal.Flow flow = world.portal().flow(access.client(), access.resource());
        boolean agreed = flow != null && flow.gateway().equals(gateway)
                || !world.portal().reaches(gateway);
        if (agreed) {
            unheldSince.remove(access);
            return true;
        }
        long since = unheldSince.computeIfAbsent(access, any -> world.now());
        return world.now() - since <= REVOCATION_BOUND.toNanos();
    }
}
