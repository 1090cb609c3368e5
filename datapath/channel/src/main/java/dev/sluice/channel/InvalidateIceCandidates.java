package dev.sluice.channel;

import java.util.List;
import java.util.UUID;

/**
 * ICE candidates of a peer that are no longer there.
 *
 * @param peerId to a client the gateway's id, to a gateway the client's
 */
public record InvalidateIceCandidates(UUID peerId, List<String> candidates) implements PortalToClient, PortalToGateway {
    public InvalidateIceCandidates {
        candidates = List.copyOf(candidates);
    }
}
