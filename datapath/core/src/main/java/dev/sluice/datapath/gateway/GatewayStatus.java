package dev.sluice.datapath.gateway;

import dev.sluice.channel.Detail;
import dev.sluice.datapath.connectivity.ConnectionStatus;
import dev.sluice.datapath.policy.Grant;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.PacketLedger;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know of a gateway from outside.
 *
 * @param signedOut why the portal does not accept the token; null while it does
 * @param tunnel null until the portal's first snapshot
 * @param clients those that hold a grant
 * @param packets what passed between the connections and the TUN device
 * @param connectionPackets what passed through the connections
 * @param suppressedErrors ICMP errors that were not sent because their rate is bounded
 * @param ignoredMessages messages of the portal that were stale, not readable or about nothing known
 */
public record GatewayStatus(
        State state,
        @Nullable Detail signedOut,
        @Nullable TunnelSettings tunnel,
        List<ClientStatus> clients,
        List<ConnectionStatus> connections,
        PacketLedger.Counts packets,
        PacketLedger.Counts connectionPackets,
        long suppressedErrors,
        long ignoredMessages) {

    public GatewayStatus {
        clients = List.copyOf(clients);
        connections = List.copyOf(connections);
    }

    /** How far the gateway is. */
    public enum State {
        /** No snapshot from the portal yet. */
        STARTING,
        RUNNING,
        /** The token is refused: no grant is left. */
        SIGNED_OUT,
        CLOSED
    }

    /**
     * A client with its grants.
     *
     * @param connected whether there is a connection to it, established or not
     */
    public record ClientStatus(UUID id, String ipv4, String ipv6, boolean connected, List<Grant> grants) {
        public ClientStatus {
            grants = List.copyOf(grants);
        }
    }
}
