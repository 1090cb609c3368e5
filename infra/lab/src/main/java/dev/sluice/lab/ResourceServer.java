package dev.sluice.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What the resource's host serves, over IPv4 and IPv6:
 *
 * <pre>
 * GET /                             a line of text
 * GET /file?size=N&amp;seed=S           N bytes that depend on S alone
 * GET /sha256?size=N&amp;seed=S         their SHA-256, in hexadecimal
 * GET /slow?seconds=N               1000 bytes each 20 ms for N seconds
 * PUT /upload                          takes anything, answers the SHA-256 of what came
 * UDP port 7                        sends back what it gets
 * </pre>
 */
@Command(name = "resource-server", hidden = true)
final class ResourceServer implements Callable<Integer> {
    /** The ports of HTTP. */
    static final int[] HTTP_PORTS = {80, 8080};

    /** The port of the echo. */
    static final int ECHO_PORT = 7;

    private static final int CHUNK = 64 * 1024;
    private static final Duration SLOW_INTERVAL = Duration.ofMillis(20);
    private static final byte[] SLOW_CHUNK = new byte[1000];

    @Option(names = "--ready", description = "what to print once it listens")
    private String ready = "ready";

    @Option(names = "--echo", description = "echoes alone, on this address of its own")
    private List<String> echoes = List.of();

    @Override
    public Integer call() throws Exception {
        if (!echoes.isEmpty()) {
            return echoAlone();
        }
        // Without it the JDK's server waits for the peer's delayed acknowledgement, some 40 ms for each answer.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        for (int port : HTTP_PORTS) {
            HttpServer server = HttpServer.create(new InetSocketAddress(port), 128);
            server.createContext("/", ResourceServer::serve);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
        }
        DatagramChannel channel = DatagramChannel.open()
                .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                .bind(new InetSocketAddress(ECHO_PORT));
        System.out.println(ready);
        echo(channel);
        return 0;
    }

    /** An answer comes from the address that was asked: what is bound to all of them would answer from the first. */
    private int echoAlone() throws Exception {
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (String address : echoes) {
                DatagramChannel channel = DatagramChannel.open()
                        .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                        .bind(new InetSocketAddress(address, ECHO_PORT));
                threads.submit(() -> {
                    echo(channel);
                    return 0;
                });
            }
            System.out.println(ready);
        }
        return 0;
    }

    private static void echo(DatagramChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
        while (true) {
            buffer.clear();
            var from = channel.receive(buffer);
            buffer.flip();
            try {
                channel.send(buffer, from);
            } catch (IOException e) {
                System.err.println("echo: " + e.getMessage());
            }
        }
    }

    private static void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> query = query(exchange);
            switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
                case "GET /" -> text(exchange, 200, "the resource of the lab\n");
                case "GET /file" -> file(exchange, number(query, "size"), number(query, "seed"));
                case "GET /sha256" -> text(exchange, 200, sha256(number(query, "size"), number(query, "seed")) + "\n");
                case "GET /slow" -> slow(exchange, Duration.ofSeconds(number(query, "seconds")));
                case "PUT /upload" -> text(exchange, 200, received(exchange) + "\n");
                default -> text(exchange, 404, "unknown\n");
            }
        }
    }

    private static void file(HttpExchange exchange, long size, long seed) throws IOException {
        exchange.sendResponseHeaders(200, size == 0 ? -1 : size);
        write(exchange.getResponseBody(), size, seed);
    }

    private static void write(OutputStream out, long size, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] chunk = new byte[CHUNK];
        for (long left = size; left > 0; left -= CHUNK) {
            random.nextBytes(chunk);
            out.write(chunk, 0, (int) Math.min(left, CHUNK));
        }
    }

    private static void slow(HttpExchange exchange, Duration length) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        long end = System.nanoTime() + length.toNanos();
        try (OutputStream out = exchange.getResponseBody()) {
            while (System.nanoTime() - end < 0) {
                out.write(SLOW_CHUNK);
                out.flush();
                Thread.sleep(SLOW_INTERVAL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String received(HttpExchange exchange) throws IOException {
        try (DigestInputStream in = new DigestInputStream(exchange.getRequestBody(), digest())) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        }
    }

    private static String sha256(long size, long seed) throws IOException {
        DigestOutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest());
        write(out, size, seed);
        return HexFormat.of().formatHex(out.getMessageDigest().digest());
    }

    private static void text(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static Map<String, String> query(HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        return query == null
                ? Map.of()
                : Arrays.stream(query.split("&"))
                        .map(pair -> pair.split("=", 2))
                        .filter(pair -> pair.length == 2)
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, second) -> second));
    }

    private static long number(Map<String, String> query, String name) {
        return Long.parseLong(query.getOrDefault(name, "0"));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new LabException("the JDK lacks SHA-256", e);
        }
    }
}
