package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wireguard.Peer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A connection, seen from outside.
 *
 * @param path the nominated path; null while there is none
 * @param pathTypes the kinds of its ends, such as {@code host/host}; null while there is none
 * @param lastHandshake when the last handshake was completed, in the nanoseconds of the monotonic clock; null if none was
 */
public record ConnectionStatus(
        UUID peer,
        ConnectionState state,
        @Nullable Path path,
        @Nullable String pathTypes,
        @Nullable Long lastHandshake,
        long packetsSent,
        long bytesSent,
        long packetsReceived,
        long bytesReceived) {

    /** The present state of each. */
    public static List<ConnectionStatus> of(Collection<Connection> connections) {
        List<ConnectionStatus> all = new ArrayList<>(connections.size());
        for (Connection connection : connections) {
            long handshake = connection.lastHandshake();
            all.add(new ConnectionStatus(
                    connection.peer(),
                    connection.state(),
                    connection.path(),
                    connection.pathTypes(),
                    handshake == Peer.NEVER ? null : handshake,
                    connection.packetsSent(),
                    connection.bytesSent(),
                    connection.packetsReceived(),
                    connection.bytesReceived()));
        }
        return all;
    }
}
