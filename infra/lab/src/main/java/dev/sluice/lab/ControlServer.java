package dev.sluice.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Takes commands on a socket. A command is one line, a JSON array of its arguments; the answer is lines: {@code +} and a
 * line of output, as often as needed, then {@code =} and the exit code. Who hangs up interrupts the command.
 */
final class ControlServer implements AutoCloseable {
    static final char OUTPUT = '+';
    static final char END = '=';

    /** Carries out a command and returns its exit code. */
    interface Handler {
        int run(List<String> arguments, PrintWriter out);
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServerSocketChannel channel;
    private final Handler handler;

    private ControlServer(ServerSocketChannel channel, Handler handler) {
        this.channel = channel;
        this.handler = handler;
    }

    static ControlServer listen(Path socket, Handler handler) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(socket));
        return new ControlServer(channel, handler);
    }

    /** Serves until the process ends. */
    void serve() throws IOException {
        while (true) {
            SocketChannel connection = channel.accept();
            Thread.ofPlatform().name("command").daemon().start(() -> serve(connection));
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void serve(SocketChannel connection) {
        Thread worker = Thread.currentThread();
        try (connection;
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(Channels.newInputStream(connection), StandardCharsets.UTF_8))) {
            String line = in.readLine();
            if (line == null) {
                return;
            }
            List<String> arguments = List.of(JSON.readValue(line, String[].class));
            Thread hangUp = Thread.ofVirtual().start(() -> interruptAtEnd(in, worker));
            FramedWriter out = new FramedWriter(connection);
            int code = handler.run(arguments, new PrintWriter(out, true));
            out.end(code);
            hangUp.interrupt();
        } catch (IOException e) {
            System.err.println("lab: a command's caller has gone: " + e.getMessage());
        }
    }

    private static void interruptAtEnd(BufferedReader in, Thread worker) {
        try {
            if (in.read() < 0) {
                worker.interrupt();
            }
        } catch (IOException | UncheckedIOException e) {
            worker.interrupt();
        }
    }
}
