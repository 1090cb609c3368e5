package dev.sluice.functions.flow;

import dev.sluice.functions.auth.Credential;
import java.util.List;
import java.util.UUID;

/**
 * A client asks for a resource.
 *
 * @param credential by what the client is here
 * @param connectedGatewayIds gateways that it has a connection with, which are preferred
 */
public record Ask(
        UUID accountId, UUID clientId, Credential credential, UUID resourceId, List<UUID> connectedGatewayIds) {
    public Ask {
        connectedGatewayIds = List.copyOf(connectedGatewayIds);
    }
}
