package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Carries requests to the portal's admin listener: {@code POST /operator/NOUN/VERB} with the secret as bearer. */
final class AdminConnection {
    private static final int CONNECT_TIMEOUT_MILLISECONDS = 5_000;

    /** Beyond what any command takes: a stuck portal must not hold a script forever. */
    private static final int ANSWER_TIMEOUT_MILLISECONDS = 60_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> environment;

    AdminConnection(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Asks for one command to be carried out.
     *
     * @throws CommandException when the portal cannot be asked, or refuses
     */
    JsonNode call(String command, ObjectNode arguments) {
        int port = port();
        String secret = secret();
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/operator/" + command)
                            .toURL()
                            .openConnection();
            connection.setConnectTimeout(CONNECT_TIMEOUT_MILLISECONDS);
            connection.setReadTimeout(ANSWER_TIMEOUT_MILLISECONDS);
            connection.setRequestMethod("POST");
            connection.setRequestProperty("Authorization", "Bearer " + secret);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setDoOutput(true);
            byte[] body = JSON.writeValueAsBytes(arguments);
            connection.setFixedLengthStreamingMode(body.length);
            connection.getOutputStream().write(body);
            return answer(connection);
        } catch (ConnectException e) {
            throw new CommandException("the portal does not run: nothing listens on 127.0.0.1:" + port
                    + ". Start it with './sluice portal start'; if it has another admin port, set SLUICE_ADMIN_PORT.");
        } catch (IOException e) {
            throw new CommandException("the portal on 127.0.0.1:" + port + " did not answer: " + e.getMessage()
                    + ". See what it says in its log.");
        }
    }

    private static JsonNode answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        try (InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            JsonNode answer = stream == null ? JSON.createObjectNode() : JSON.readTree(stream);
            if (status < 400) {
                return answer;
            }
            if (status == 401) {
                throw new CommandException("the portal does not accept the admin secret: it runs with another data"
                        + " directory. Set SLUICE_DATA_DIR to the one it was started with.");
            }
            JsonNode error = answer.path("error");
            throw new CommandException(
                    error.path("message").asText("the portal answered " + status),
                    error.path("argument").textValue());
        }
    }

    private int port() {
        String value = environment.getOrDefault("SLUICE_ADMIN_PORT", "").strip();
        try {
            int port = value.isEmpty() ? 13002 : Integer.parseInt(value);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Refused below, with the same words as a number out of range.
        }
        throw new CommandException("SLUICE_ADMIN_PORT must be a port from 1 to 65535 and is '" + value + "'.");
    }

    private String secret() {
        Path file = dataDirectory().resolve("admin-secret");
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            throw new CommandException("there is no admin secret in " + file + ": the portal has not run with this data"
                    + " directory. Start it with './sluice portal start', or set SLUICE_DATA_DIR.");
        } catch (IOException e) {
            throw new CommandException("the admin secret in " + file + " cannot be read: run this as the user who runs"
                    + " the portal, or as root.");
        }
    }

    /** As the portal finds it: SLUICE_DATA_DIR, else sluice in the user's data directory. */
    private Path dataDirectory() {
        String configured = environment.getOrDefault("SLUICE_DATA_DIR", "");
        if (!configured.isBlank()) {
            return Path.of(configured);
        }
        String base = environment.getOrDefault("XDG_DATA_HOME", "");
        Path directory = base.isBlank() || !Path.of(base).isAbsolute()
                ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".local/share")
                : Path.of(base);
        return directory.resolve("sluice");
    }
}
