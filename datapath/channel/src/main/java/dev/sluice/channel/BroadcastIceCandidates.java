package dev.sluice.channel;

import java.util.List;
import java.util.UUID;

/**
 * New ICE candidates of the sender, for these peers.
 *
 * @param peerIds from a client the gateways' ids, from a gateway the clients'
 */
public record BroadcastIceCandidates(List<UUID> peerIds, List<String> candidates)
        implements ClientToPortal, GatewayToPortal {
    public BroadcastIceCandidates {
        peerIds = List.copyOf(peerIds);
        candidates = List.copyOf(candidates);
    }
}
