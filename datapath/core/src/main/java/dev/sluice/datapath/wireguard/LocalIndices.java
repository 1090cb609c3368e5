package dev.sluice.datapath.wireguard;

import org.jspecify.annotations.Nullable;

/**
 * The indices that a peer gives to its handshakes and sessions: the connection's 24 bits, then 8 that count.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-----------------------------------------------+---------------+
 * |                  Connection                   |    Counter    |
 * +-----------------------------------------------+---------------+
 * </pre>
 */
final class LocalIndices {
    private final int connection;
    private int counter;

    LocalIndices(int connectionIndex) {
        if (connectionIndex >>> 24 != 0) {
            throw new IllegalArgumentException("a connection index has 24 bits");
        }
        connection = connectionIndex << 8;
    }

    /** The next index that is in use neither by a session nor by a handshake. */
    int next(Sessions sessions, @Nullable PendingHandshake pending) {
        int index;
        do {
            counter = counter + 1 & 0xff;
            index = connection | counter;
        } while (sessions.find(index) != null || pending != null && pending.localIndex() == index);
        return index;
    }
}
