package dev.sluice.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Sends requests to the API of a portal on the same host, as others do whom it serves. */
public final class LocalApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_MILLISECONDS = 10_000;

    private LocalApi() {}

    /**
     * Sends one, and returns the answer's body; null where it has none.
     *
     * @throws LabException when it is refused
     */
    public static JsonNode send(String host, String method, String path, Map<String, String> headers, String body)
            throws Exception {
        return Namespace.call(host, () -> {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + Portal.API_PORT + path)
                    .toURL()
                    .openConnection();
            connection.setRequestMethod(method);
            connection.setConnectTimeout(PATIENCE_MILLISECONDS);
            connection.setReadTimeout(PATIENCE_MILLISECONDS);
            headers.forEach(connection::setRequestProperty);
            if (!body.isEmpty()) {
                connection.setRequestProperty("Content-Type", "application/json");
                connection.setDoOutput(true);
                connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            }
            int status = connection.getResponseCode();
            if (status >= 300) {
                throw new LabException(method + " " + path + " gave " + status);
            }
            try (InputStream stream = connection.getInputStream()) {
                return JSON.readTree(stream);
            }
        });
    }
}
