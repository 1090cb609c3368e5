package dev.sluice.datapath.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What {@code client} and {@code gateway} do alike. */
final class DeviceCommand {
    private static final int TIMEOUT_MILLIS = 3_000;

    private DeviceCommand() {}

    /** Runs until a signal. */
    static int start(Configuration configuration, Map<String, String> environment) throws InterruptedException {
        Logging.start(configuration.logLevel());
        DeviceProcess process = DeviceProcess.start(configuration, environment);
        Termination.await(process::close);
        return 0;
    }

    /** Prints what the listener at {@code address} answers. */
    static int status(InetSocketAddress address, boolean json, PrintWriter out) {
        String answer = get(address);
        out.print(json ? answer : StatusText.of(parse(answer, address)));
        out.flush();
        return 0;
    }

    /** What the listener at {@code address} says of itself. */
    static JsonNode status(InetSocketAddress address) {
        return parse(get(address), address);
    }

    private static JsonNode parse(String answer, InetSocketAddress address) {
        try {
            return new ObjectMapper().readTree(answer);
        } catch (JsonProcessingException foreign) {
            throw CommandFailedException.refused("what listens on " + address.getHostString() + ":" + address.getPort()
                    + " is no client or gateway of ours");
        }
    }

    private static String get(InetSocketAddress address) {
        String where = address.getHostString() + ":" + address.getPort();
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://" + where + "/status").toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            try (InputStream body = connection.getInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException silent) {
            throw CommandFailedException.refused("nothing answers on " + where + " (" + silent.getMessage()
                    + "); is it running, and in this network namespace?");
        }
    }
}
