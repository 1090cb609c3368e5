package dev.sluice.functions.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.testing.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A program that calls the API. */
record ApiCaller(URI base, Map<String, String> headers) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    record Answer(int status, JsonNode body, HttpResponse<String> response) {
        JsonNode data() {
            return body.path("data");
        }

        String id() {
            return data().path("id").asText();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    /** With this token. */
    static ApiCaller of(URI base, String token) {
        return new ApiCaller(base, Map.of("Authorization", "Bearer " + token));
    }

    /** An API client of this account. */
    static ApiCaller of(URI base, World world, TokenService tokens) {
        UUID client = Ids.next();
        world.actor(client, ActorType.API_CLIENT, "Terraform", null);
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        return of(
                base,
                tokens.createForActor(world.accountId, client, null, tomorrow)
                        .text()
                        .value());
    }

    /** The same, with another header. */
    ApiCaller with(String name, String value) {
        var more = new HashMap<>(headers);
        more.put(name, value);
        return new ApiCaller(base, more);
    }

    Answer get(String path) throws Exception {
        return call("GET", path, null);
    }

    Answer post(String path, String body) throws Exception {
        return call("POST", path, body);
    }

    Answer put(String path, String body) throws Exception {
        return call("PUT", path, body);
    }

    Answer patch(String path, String body) throws Exception {
        return call("PATCH", path, body);
    }

    Answer delete(String path) throws Exception {
        return call("DELETE", path, null);
    }

    /** @param body with ' for " */
    Answer call(String method, String path, @Nullable String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .method(
                        method,
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.replace('\'', '"')));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        var response = HTTP.send(request.build(), BodyHandlers.ofString());
        boolean json = response.headers().firstValue("Content-Type").orElse("").contains("json");
        return new Answer(response.statusCode(), json ? JSON.readTree(response.body()) : JSON.missingNode(), response);
    }
}
