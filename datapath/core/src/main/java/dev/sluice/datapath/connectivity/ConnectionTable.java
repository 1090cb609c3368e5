package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wireguard.IndexTable;
import dev.sluice.datapath.wireguard.PublicKey;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The connections of a device, by all that a message may name them by. */
final class ConnectionTable {
    private final IndexTable<Connection> byIndex;
    private final Map<UUID, Connection> byPeer = new LinkedHashMap<>();
    private final Map<PublicKey, Connection> byKey = new HashMap<>();
    private final Map<String, Connection> byUsername = new HashMap<>();

    ConnectionTable(RandomGenerator random) {
        byIndex = new IndexTable<>(random);
    }

    /** Makes a connection for a new index; the others find it from {@link #add} on. */
    Connection allocate(IntFunction<Connection> factory) {
        return byIndex.allocate(factory);
    }

    void add(Connection connection) {
        byPeer.put(connection.peer(), connection);
        byKey.put(connection.publicKey(), connection);
        byUsername.put(connection.username(), connection);
    }

    void remove(Connection connection) {
        byPeer.remove(connection.peer(), connection);
        byKey.remove(connection.publicKey(), connection);
        byUsername.remove(connection.username(), connection);
        byIndex.release(connection.index());
    }

    Collection<Connection> all() {
        return Collections.unmodifiableCollection(byPeer.values());
    }

    @Nullable Connection of(UUID peer) {
        return byPeer.get(peer);
    }

    @Nullable Connection of(PublicKey key) {
        return byKey.get(key);
    }

    /** By the USERNAME of a check. */
    @Nullable Connection ofUsername(String username) {
        return byUsername.get(username);
    }

    /** By a receiver index of WireGuard's, or by the first 32 bits of a transaction id. */
    @Nullable Connection ofIndex(int receiverIndex) {
        return byIndex.find(receiverIndex);
    }
}
