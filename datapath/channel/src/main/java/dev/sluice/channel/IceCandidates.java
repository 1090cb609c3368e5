package dev.sluice.channel;

import java.util.List;
import java.util.UUID;

/**
 * New ICE candidates of a peer.
 *
 * @param peerId to a client the gateway's id, to a gateway the client's
 * @param candidates in SDP form (RFC 8839), not yet parsed
 */
public record IceCandidates(UUID peerId, List<String> candidates) implements PortalToClient, PortalToGateway {
    public IceCandidates {
        candidates = List.copyOf(candidates);
    }
}
