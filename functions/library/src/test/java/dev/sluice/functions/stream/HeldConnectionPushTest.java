package dev.sluice.functions.stream;

import dev.sluice.functions.testing.ConnectionPushKit;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Over a service in memory. */
class HeldConnectionPushTest extends ConnectionPushKit {
    private static final String ADDRESS = "api/client/c1";

    @Override
    protected Line open() {
        var held = new HeldConnections();
        held.open(ADDRESS);
        var connection = new PostedConnection(held, ADDRESS, Long.MAX_VALUE);
        Queue<String> came = new ArrayDeque<>();
        return new Line() {
            @Override
            public ConnectionPush push() {
                return connection;
            }

            @Override
            public void flush() {
                connection.drain();
            }

            @Override
            public @Nullable String next() {
                came.addAll(held.take(ADDRESS));
                return came.poll();
            }

            @Override
            public void vanish() {
                held.cut(ADDRESS);
            }

            @Override
            public void close() {}
        };
    }
}
