package dev.sluice.lab;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/** TCP connections as probes, made on a host. */
public final class Connect {
    /** A port on which no host of the lab listens. */
    private static final int CLOSED_PORT = 9;

    private static final int SETTLED_MILLIS = 20;

    private Connect() {}

    /** Whether a connection from {@code host} to {@code address} opens within {@code limit}. */
    public static boolean opens(String host, String address, int port, Duration limit) throws Exception {
        return open(host, address, port, limit).isPresent();
    }

    /** The local end of a connection that opens so, and is closed again; empty if none does. */
    public static Optional<String> open(String host, String address, int port, Duration limit) throws Exception {
        return Namespace.call(host, () -> {
            try (Socket socket = new Socket()) {
                connect(socket, address, port, limit);
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
                connect(socket, address, CLOSED_PORT, limit);
                throw new LabException(address + " listens on port " + CLOSED_PORT);
            } catch (ConnectException refused) {
                return (System.nanoTime() - begin) / 1e6;
            }
        });
    }

    /**
     * Returns if the connection is open. The JDK's connect does not always say that it is not: when the error comes in that
     * moment (some 50 of a million refusals by ICMP), it returns, and the error shows itself at the next call.
     */
    private static void connect(Socket socket, String address, int port, Duration limit) throws IOException {
        socket.connect(new InetSocketAddress(address, port), (int) limit.toMillis());
        socket.setSoTimeout(SETTLED_MILLIS);
        try {
            int ignored = socket.getInputStream().read();
        } catch (SocketTimeoutException open) {
            // Nothing was said, and no error came.
        }
    }
}
