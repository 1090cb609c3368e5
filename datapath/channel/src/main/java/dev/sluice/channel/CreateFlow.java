package dev.sluice.channel;

import java.util.List;
import java.util.UUID;

/**
 * The client asks for a resource. There is no reply: {@link FlowCreated} or {@link FlowCreationFailed} follows.
 *
 * @param connectedGatewayIds gateways with which the client has a connection: one of them is preferred
 */
public record CreateFlow(UUID resourceId, List<UUID> connectedGatewayIds) implements ClientToPortal {
    public CreateFlow {
        connectedGatewayIds = List.copyOf(connectedGatewayIds);
    }
}
