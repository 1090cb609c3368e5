package dev.sluice.datapath.app;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The {@code HOST:PORT} of a local status listener. */
final class StatusAddress {
    private StatusAddress() {}

    static InetSocketAddress parse(@Nullable String given, Role role) {
        if (given == null) {
            return new InetSocketAddress("127.0.0.1", role.statusPort());
        }
        int colon = given.lastIndexOf(':');
        try {
            int port = Integer.parseInt(given.substring(colon + 1));
            if (colon > 0 && port >= 0 && port <= 65535) {
                return new InetSocketAddress(given.substring(0, colon), port);
            }
        } catch (NumberFormatException noPort) {
            // told below, as every other form that is not HOST:PORT
        }
        throw CommandFailedException.usage("--status-address is \"" + given + "\"; it takes HOST:PORT");
    }
}
