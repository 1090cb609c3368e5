package dev.sluice.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Asks a listener on a host's loopback address, without a program being started for it. */
final class LocalHttp {
    private static final int PATIENCE_MILLISECONDS = (int) Duration.ofSeconds(5).toMillis();

    private LocalHttp() {}

    /** The body of the answer to {@code GET path}; empty when nobody listens or the answer is not 200. */
    static Optional<String> get(String host, int port, String path) {
        return ask(host, port, "GET " + path + " HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                .filter(answer -> answer.status == 200)
                .map(Answer::body);
    }

    private record Answer(int status, String body) {}

    private static Optional<Answer> ask(String host, int port, String request) {
        try {
            return Namespace.call(host, () -> {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLISECONDS);
                    socket.setSoTimeout(PATIENCE_MILLISECONDS);
                    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
                    String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    int end = answer.indexOf("\r\n\r\n");
                    return end < 0
                            ? Optional.empty()
                            : Optional.of(
                                    new Answer(Integer.parseInt(answer.split(" ", 3)[1]), answer.substring(end + 4)));
                } catch (IOException e) {
                    return Optional.empty();
                }
            });
        } catch (Exception e) {
            throw LabException.wrap("cannot ask on " + host, e);
        }
    }
}
