package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The portal's REST API (portal-protocol.md, section 13), of one account where it is about one. */
final class Api {
    private static final int CONNECT_TIMEOUT_MILLISECONDS = 5_000;

    /** Beyond what any request takes: a stuck portal must not hold a script forever. */
    private static final int ANSWER_TIMEOUT_MILLISECONDS = 60_000;

    private static final int MOST_IN_A_PAGE = 100;
    private static final int NO_SUCH_THING = 404;

    static final ObjectMapper JSON = new ObjectMapper();

    private final Endpoint endpoint;
    private final @Nullable String account;

    private Api(Endpoint endpoint, @Nullable String account) {
        this.endpoint = endpoint;
        this.account = account;
    }

    /** Of no account in particular, or of the one whose token is shown. */
    static Api at(Endpoint endpoint) {
        return new Api(endpoint, null);
    }

    /** Of this account, as an operator. */
    Api of(String slug) {
        return new Api(endpoint, slug);
    }

    /** One thing. */
    JsonNode get(String path) {
        return call("GET", path, null).path("data");
    }

    JsonNode post(String path, ObjectNode body) {
        return call("POST", path, body).path("data");
    }

    JsonNode put(String path, ObjectNode body) {
        return call("PUT", path, body).path("data");
    }

    JsonNode delete(String path) {
        return call("DELETE", path, null).path("data");
    }

    /**
     * A list, page by page.
     *
     * @param query what it is narrowed to
     * @param atMost so many of it
     * @return whether there are more
     */
    boolean list(String path, Query query, int atMost, Consumer<JsonNode> each) {
        Query page = query;
        int left = atMost;
        while (true) {
            page = page.and("limit", Integer.toString(Math.min(left, MOST_IN_A_PAGE)));
            JsonNode answer = call("GET", path + page.text(), null);
            answer.path("data").forEach(each);
            left -= answer.path("data").size();
            JsonNode next = answer.path("metadata").path("next_page");
            if (!next.isTextual() || left <= 0) {
                return next.isTextual();
            }
            page = page.and("page_cursor", next.asText());
        }
    }

    private JsonNode call(String method, String path, @Nullable ObjectNode body) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(endpoint.url() + path).toURL().openConnection();
            connection.setConnectTimeout(CONNECT_TIMEOUT_MILLISECONDS);
            connection.setReadTimeout(ANSWER_TIMEOUT_MILLISECONDS);
            connection.setInstanceFollowRedirects(false);
            connection.setRequestMethod(method);
            connection.setRequestProperty("Authorization", "Bearer " + endpoint.secret());
            connection.setRequestProperty("Accept", "application/json");
            // A portal that was started again in between answers on no connection of before.
            connection.setRequestProperty("Connection", "close");
            if (account != null) {
                connection.setRequestProperty("Sluice-Account", account);
            }
            if (body != null) {
                byte[] bytes = JSON.writeValueAsBytes(body);
                connection.setRequestProperty("Content-Type", "application/json");
                connection.setDoOutput(true);
                connection.setFixedLengthStreamingMode(bytes.length);
                connection.getOutputStream().write(bytes);
            }
            return answer(connection);
        } catch (ConnectException e) {
            throw new CommandException(endpoint.remedy());
        } catch (IOException e) {
            throw new CommandException("the portal at " + endpoint + " did not answer: " + e.getMessage()
                    + ". See what it says in its log.");
        }
    }

    private JsonNode answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        try (InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            if (status == 401) {
                throw new CommandException(endpoint.refusal());
            }
            JsonNode answer = read(stream);
            if (status >= 200 && status < 300) {
                return answer;
            }
            JsonNode error = answer.path("error");
            var fields = new LinkedHashMap<String, String>();
            error.path("validation_errors")
                    .properties()
                    .forEach(field ->
                            fields.put(field.getKey(), field.getValue().path(0).asText()));
            throw new CommandException(
                    error.path("message").asText("the portal answered " + status), fields, status == NO_SUCH_THING);
        }
    }

    private static JsonNode read(@Nullable InputStream stream) throws IOException {
        try {
            return stream == null ? JSON.createObjectNode() : JSON.readTree(stream);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }
}
