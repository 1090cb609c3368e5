package dev.sluice.lab;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/** TCP connections as probes, made on a host. */
public final class Connect {
    /** A port on which no host of the lab listens. */
    private static final int CLOSED_PORT = 9;

    private Connect() {}

    /** Whether a connection from {@code host} to {@code address} opens within {@code limit}. */
    public static boolean opens(String host, String address, int port, Duration limit) throws Exception {
        return open(host, address, port, limit).isPresent();
    }

    /** The local end of a connection that opens so, and is closed again; empty if none does. */
    public static Optional<String> open(String host, String address, int port, Duration limit) throws Exception {
        return Namespace.call(host, () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), (int) limit.toMillis());
                return Optional.of(socket.getLocalSocketAddress().toString());
            } catch (IOException e) {
                return Optional.empty();
            }
        });
    }

    /** The milliseconds until a host that listens on nothing refuses: a round trip without a server. */
    public static double refusal(String host, String address, Duration limit) throws Exception {
        return Namespace.call(host, () -> {
            long begin = System.nanoTime();
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, CLOSED_PORT), (int) limit.toMillis());
                throw new LabException(address + " listens on port " + CLOSED_PORT);
            } catch (ConnectException refused) {
                return (System.nanoTime() - begin) / 1e6;
            }
        });
    }
}
