package dev.sluice.datapath.client;

import dev.sluice.channel.Detail;
import dev.sluice.datapath.connectivity.ConnectionStatus;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.PacketLedger;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know of a client from outside.
 *
 * @param signedOut why the portal does not accept the token; null while it does
 * @param tunnel null until the portal's first snapshot
 * @param resources those that can be reached, in the order in which the portal named them, then the others
 * @param packets what passed between the TUN device and the connections
 * @param connectionPackets what passed through the connections
 * @param intents how often the portal was asked for a resource
 * @param lastGrantTook how long the last grant took, from the ask to the portal's answer; null before the first
 * @param reauthorizations how many of these because a gateway refused a packet
 * @param lastDenial the last refusal of any resource, also of one that is gone
 * @param ignoredMessages messages of the portal that were stale, not readable or about nothing known
 */
public record ClientStatus(
        State state,
        @Nullable Detail signedOut,
        @Nullable TunnelSettings tunnel,
        List<ResourceStatus> resources,
        List<ConnectionStatus> connections,
        PacketLedger.Counts packets,
        PacketLedger.Counts connectionPackets,
        long intents,
        @Nullable Duration lastGrantTook,
        long reauthorizations,
        @Nullable Denial lastDenial,
        long ignoredMessages) {

    public ClientStatus {
        resources = List.copyOf(resources);
        connections = List.copyOf(connections);
    }

    /** How far the client is. */
    public enum State {
        /** No snapshot from the portal yet. */
        STARTING,
        RUNNING,
        /** The token is refused: nothing passes. */
        SIGNED_OUT,
        CLOSED
    }
}
