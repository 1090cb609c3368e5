package dev.sluice.lab;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A transfer from the resource that goes on beside what a scenario does. */
public final class Download implements AutoCloseable {
    private static final int CHUNK = 16 * 1024;

    private final Socket socket;
    private volatile long bytes;
    private volatile long lastByte = System.nanoTime();
    private volatile boolean ended;

    private Download(Socket socket) {
        this.socket = socket;
    }

    /** Starts a steady transfer of {@code length} from {@code address} to {@code host}: some bytes each 20 ms. */
    public static Download slow(String host, String address, Duration length) throws Exception {
        return Namespace.call(host, () -> {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress(address, 80), 10_000);
            String request = "GET /slow?seconds=" + length.toSeconds() + " HTTP/1.1\r\nHost: resource\r\n"
                    + "Connection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            Download download = new Download(socket);
            Thread.ofVirtual().start(download::read);
            return download;
        });
    }

    /** How many bytes have come. */
    public long bytes() {
        return bytes;
    }

    /** When the last byte came, on the clock of {@link System#nanoTime}. */
    public long lastByte() {
        return lastByte;
    }

    /** Whether the connection has ended, in whichever way. */
    public boolean ended() {
        return ended;
    }

    /** Whether nothing has come for {@code length}. */
    public boolean silentFor(Duration length) {
        return System.nanoTime() - lastByte > length.toNanos();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void read() {
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = socket.getInputStream()) {
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                lastByte = System.nanoTime();
                bytes = bytes + length;
            }
        } catch (IOException reset) {
            // A transfer that breaks has ended like any other; how many bytes came is what tells.
        } finally {
            ended = true;
        }
    }
}
