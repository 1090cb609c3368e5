package dev.sluice.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Stands between a client and the portal, and tells the client another's tunnel addresses as its own. What it then sends
 * is what a client without a check of its own could send: the check is there, and knows no better.
 */
public final class AddressForgery implements AutoCloseable {
    // The frame of RFC 6455, section 5.2: a byte of flags and opcode, then the length, which a server never masks.
    private static final int FINAL_TEXT = 0x81;
    private static final int LENGTH_OF_16_BITS = 126;
    private static final int LENGTH_OF_64_BITS = 127;
    private static final int MAX_16_BITS = 0xffff;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String host;
    private final ServerSocket listener;
    private final String ipv4;
    private final String ipv6;

    private AddressForgery(String host, ServerSocket listener, String ipv4, String ipv6) {
        this.host = host;
        this.listener = listener;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    /** Listens on {@code host} for a client that is to take these addresses for its own. */
    public static AddressForgery start(String host, String ipv4, String ipv6) throws Exception {
        ServerSocket listener = Namespace.call(host, () -> new ServerSocket(0, 8, InetAddress.ofLiteral("127.0.0.1")));
        AddressForgery forgery = new AddressForgery(host, listener, ipv4, ipv6);
        Thread.ofVirtual().start(forgery::accept);
        return forgery;
    }

    /** What the client is to take for the portal. */
    public String apiUrl() {
        return "ws://127.0.0.1:" + listener.getLocalPort();
    }

    /** Takes no more connections; those that are open end with the client. */
    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> join(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void join(Socket client) {
        try (client;
                Socket portal = Namespace.call(host, () -> new Socket(Topology.PORTAL_IPV4, Portal.API_PORT))) {
            Thread.ofVirtual().start(() -> pass(client, portal));
            OutputStream out = client.getOutputStream();
            DataInputStream in = new DataInputStream(portal.getInputStream());
            passHead(in, out);
            while (true) {
                passFrame(in, new DataOutputStream(out));
            }
        } catch (Exception ended) {
            // One of the two has gone, and so has the other with it.
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException ended) {
            // The other direction ends by it.
        }
    }

    /** The answer to the upgrade, up to its empty line. */
    private static void passHead(InputStream in, OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            head.append((char) next);
        }
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private void passFrame(DataInputStream in, DataOutputStream out) throws IOException {
        int first = in.readUnsignedByte();
        long length = in.readUnsignedByte();
        if (length == LENGTH_OF_16_BITS) {
            length = in.readUnsignedShort();
        } else if (length == LENGTH_OF_64_BITS) {
            length = in.readLong();
        }
        byte[] payload = in.readNBytes(Math.toIntExact(length));
        writeFrame(out, first, first == FINAL_TEXT ? forge(payload) : payload);
    }

    private static void writeFrame(DataOutputStream out, int first, byte[] payload) throws IOException {
        out.writeByte(first);
        if (payload.length < LENGTH_OF_16_BITS) {
            out.writeByte(payload.length);
        } else if (payload.length <= MAX_16_BITS) {
            out.writeByte(LENGTH_OF_16_BITS);
            out.writeShort(payload.length);
        } else {
            out.writeByte(LENGTH_OF_64_BITS);
            out.writeLong(payload.length);
        }
        out.write(payload);
        out.flush();
    }

    private byte[] forge(byte[] frame) throws JsonProcessingException {
        JsonNode message = JSON.readTree(new String(frame, StandardCharsets.UTF_8));
        if (message.at("/payload/interface") instanceof ObjectNode tunnel) {
            tunnel.put("ipv4", ipv4).put("ipv6", ipv6);
        }
        return JSON.writeValueAsBytes(message);
    }
}
