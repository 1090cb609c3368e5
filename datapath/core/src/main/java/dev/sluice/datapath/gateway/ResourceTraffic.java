package dev.sluice.datapath.gateway;

import dev.sluice.datapath.policy.Grant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The {@link Traffic} of every resource that somebody has a grant for. */
final class ResourceTraffic {
    private final Map<UUID, Traffic> byResource = new HashMap<>();
    private @Nullable Grant last;
    private Traffic lastTraffic = new Traffic();

    /** Of the resource that the grant is for; packets mostly come in rows of one grant. */
    Traffic of(Grant grant) {
        if (grant != last) {
            lastTraffic = byResource.computeIfAbsent(grant.resource(), resource -> new Traffic());
            last = grant;
        }
        return lastTraffic;
    }

    /** Forgets what nobody has a grant for. */
    void retain(Set<UUID> resources) {
        if (byResource.keySet().retainAll(resources)) {
            last = null;
        }
    }

    List<GatewayStatus.TrafficStatus> status() {
        List<GatewayStatus.TrafficStatus> status = new ArrayList<>();
        byResource.forEach((resource, traffic) -> status.add(new GatewayStatus.TrafficStatus(
                resource, traffic.sentPackets(), traffic.answeredPackets(), traffic.unanswered())));
        return status;
    }
}
