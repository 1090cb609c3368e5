package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A WebSocket of which every byte is chosen by hand (RFC 6455 section 5.2), also such as no library would send. */
final class RawSocket implements AutoCloseable {
    /** A whole text in one frame. */
    static final int TEXT = 0x81;

    static final int CLOSE = 0x88;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /**
     * A frame of the server.
     *
     * @param first FIN and opcode
     */
    record Received(int first, byte[] payload) {}

    private final Socket socket;
    private final DataInputStream in;

    private RawSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** A socket whose handshake has passed. */
    static RawSocket open(URI base, String path, String userAgent) throws IOException {
        var socket = new Socket(base.getHost(), base.getPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        var raw = new RawSocket(socket);
        raw.write(("GET " + path + " HTTP/1.1\r\nHost: portal\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nUser-Agent: "
                        + userAgent + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        int last = 0;
        while (last != 0x0D0A0D0A) {
            last = last << 8 | raw.in.readUnsignedByte();
        }
        return raw;
    }

    void send(int first, String text) throws IOException {
        send(first, text.getBytes(StandardCharsets.UTF_8));
    }

    void send(int first, byte[] payload) throws IOException {
        head(first, payload.length);
        write(payload);
    }

    /** The beginning of a frame, with a mask that changes nothing. */
    void head(int first, long length) throws IOException {
        var head = ByteBuffer.allocate(14).put((byte) first);
        if (length < 126) {
            head.put((byte) (0x80 | length));
        } else if (length < 1 << 16) {
            head.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            head.put((byte) (0x80 | 127)).putLong(length);
        }
        head.putInt(0).flip();
        byte[] bytes = new byte[head.remaining()];
        head.get(bytes);
        write(bytes);
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    Received read() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = (int) in.readLong();
        }
        return new Received(first, in.readNBytes(length));
    }

    Received awaitClose() throws IOException {
        var frame = read();
        while (frame.first() != CLOSE) {
            frame = read();
        }
        assertThat(frame.payload()).as("the close frame has a code").hasSizeGreaterThanOrEqualTo(2);
        return frame;
    }

    /** Waits for the end of the connection. */
    boolean isAtEnd() throws IOException {
        return in.read() == -1;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
