package dev.sluice.channel;

import java.util.List;
import java.util.UUID;

/**
 * ICE candidates of the sender that are no longer there, for these peers.
 *
 * @param peerIds from a client the gateways' ids, from a gateway the clients'
 */
public record BroadcastInvalidatedIceCandidates(List<UUID> peerIds, List<String> candidates)
        implements ClientToPortal, GatewayToPortal {
    public BroadcastInvalidatedIceCandidates {
        peerIds = List.copyOf(peerIds);
        candidates = List.copyOf(candidates);
    }
}
