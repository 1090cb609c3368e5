package dev.sluice.lab;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

/** One datagram to the resource's echo, and what comes back. */
public final class Exchange {
    private static final int TRIES = 3;

    private Exchange() {}

    /** Whether a datagram of {@code length} bytes from {@code host} comes back as it was, at one of three tries. */
    public static boolean echoes(String host, String address, int length, Duration limit) throws Exception {
        byte[] sent = new byte[length];
        new Random(length).nextBytes(sent);
        return Namespace.call(host, () -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(new InetSocketAddress(address, ResourceServer.ECHO_PORT));
                socket.setSoTimeout((int) limit.dividedBy(TRIES).toMillis());
                DatagramPacket received = new DatagramPacket(new byte[length + 1], length + 1);
                for (int i = 0; i < TRIES; i++) {
                    socket.send(new DatagramPacket(sent, length));
                    try {
                        socket.receive(received);
                        return Arrays.equals(sent, Arrays.copyOf(received.getData(), received.getLength()));
                    } catch (SocketTimeoutException lost) {
                        received.setLength(length + 1);
                    }
                }
                return false;
            }
        });
    }
}
