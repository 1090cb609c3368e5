package dev.sluice.datapath.gateway;

import dev.sluice.channel.Detail;
import dev.sluice.datapath.connectivity.ConnectionStatus;
import dev.sluice.datapath.policy.Grant;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.IpAddress;
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
 * @param traffic of the resources that clients have sent to
 * @param packets what passed between the connections and the TUN device
 * @param connectionPackets what passed through the connections
 * @param suppressedErrors ICMP errors that were not sent because their rate is bounded
 * @param ignoredMessages messages of the portal that were stale, not readable or about nothing known
 * @param digests how often the portal summed up what it had told
 * @param drifts how often the portal had told other grants than it holds
 * @param partitions how often all access ended because the portal was away for too long
 */
public record GatewayStatus(
        State state,
        @Nullable Detail signedOut,
        @Nullable TunnelSettings tunnel,
        List<ClientStatus> clients,
        List<ConnectionStatus> connections,
        List<TrafficStatus> traffic,
        PacketLedger.Counts packets,
        PacketLedger.Counts connectionPackets,
        long suppressedErrors,
        long ignoredMessages,
        long digests,
        long drifts,
        long partitions) {

    public GatewayStatus {
        clients = List.copyOf(clients);
        connections = List.copyOf(connections);
        traffic = List.copyOf(traffic);
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

    /**
     * What passed between all clients and a resource.
     *
     * @param sent packets to the resource
     * @param answered packets from it
     * @param unanswered null when nothing that asks for an answer was sent since the last one
     */
    public record TrafficStatus(
            UUID resource,
            long sent,
            long answered,
            @Nullable Unanswered unanswered) {}

    /**
     * Packets of the time since a resource's last answer.
     *
     * @param client the address that the last of them came from
     * @param destination where it went
     * @param since when the first of them was sent, monotonic, in nanoseconds
     * @param last when the last of them was sent
     */
    public record Unanswered(IpAddress client, IpAddress destination, long since, long last) {
        /** For how long clients went on sending, in nanoseconds; 0 after one packet that nobody repeated. */
        public long silence() {
            return last - since;
        }
    }
}
