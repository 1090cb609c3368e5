package dev.sluice.functions.flow;

import java.util.List;
import java.util.UUID;

/**
 * A client asks for a resource.
 *
 * @param tokenId the token by which the client is here
 * @param connectedGatewayIds gateways that it has a connection with, which are preferred
 */
public record Ask(UUID accountId, UUID clientId, UUID tokenId, UUID resourceId, List<UUID> connectedGatewayIds) {
    public Ask {
        connectedGatewayIds = List.copyOf(connectedGatewayIds);
    }
}
