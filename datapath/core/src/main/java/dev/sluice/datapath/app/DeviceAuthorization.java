package dev.sluice.datapath.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.datapath.io.PortalTrust;
import dev.sluice.datapath.io.PortalTrustException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has somebody sign this device in at a browser of theirs (RFC 8628), and gives the token back (RFC 7009). What the portal
 * answers goes by the standard's words.
 */
final class DeviceAuthorization {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final String GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code";

    /** How much longer to wait each time that the portal asks for it (RFC 8628, section 3.5). */
    private static final Duration SLOWER = Duration.ofSeconds(5);

    /** What somebody is to do elsewhere. */
    record Begun(
            String deviceCode,
            String userCode,
            String address,
            String wholeAddress,
            Duration life,
            Duration interval) {}

    /** Whose client this is now. */
    record SignedIn(String token, String actor, String slug, String account) {}

    /** What waits between two asks: the time passes in tests as they say. */
    interface Pause {
        void take(Duration time) throws InterruptedException;
    }

    private final HttpClient http;
    private final String base;
    private final Pause pause;

    DeviceAuthorization(URI apiUrl, @Nullable Path caFile, Pause pause) {
        boolean secure = apiUrl.getScheme().equals("wss");
        HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(TIMEOUT);
        if (secure) {
            try {
                client.sslContext(PortalTrust.java(caFile));
            } catch (PortalTrustException unusable) {
                throw CommandFailedException.refused(unusable.getMessage());
            }
        }
        this.http = client.build();
        String address = (secure ? "https" : "http")
                + apiUrl.toString().substring(apiUrl.getScheme().length());
        this.base = (address.endsWith("/") ? address : address + "/") + "oauth/";
        this.pause = pause;
    }

    /**
     * Asks for a code.
     *
     * @param name of this device, as whoever grants it is shown it
     * @param account its slug; null if whoever signs in says so
     */
    Begun begin(String name, @Nullable String account) throws InterruptedException {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("client_id", "sluice");
        fields.put("device_name", name);
        if (account != null) {
            fields.put("account", account);
        }
        Answer answer;
        try {
            answer = post("device_authorization", fields);
        } catch (IOException unreachable) {
            throw unreachable(unreachable);
        }
        JsonNode body = answer.body();
        if (answer.status() == 404) {
            throw CommandFailedException.refused("the portal at " + base + " signs no devices in: is it one of ours?");
        }
        if (answer.status() != 200) {
            throw CommandFailedException.refused("the portal does not begin: " + answer.why());
        }
        return new Begun(
                body.path("device_code").asText(),
                body.path("user_code").asText(),
                body.path("verification_uri").asText(),
                body.path("verification_uri_complete").asText(),
                Duration.ofSeconds(body.path("expires_in").asLong()),
                Duration.ofSeconds(body.path("interval").asLong(SLOWER.toSeconds())));
    }

    /**
     * Waits for somebody's word. A portal that is away for a while is asked again.
     *
     * @throws CommandFailedException when they have denied it, or the code is over
     */
    SignedIn await(Begun begun) throws InterruptedException {
        Duration interval = begun.interval();
        Duration left = begun.life();
        while (true) {
            pause.take(interval);
            left = left.minus(interval);
            String error;
            try {
                Answer answer = post("token", Map.of("grant_type", GRANT_TYPE, "device_code", begun.deviceCode()));
                if (answer.status() == 200) {
                    return new SignedIn(
                            answer.body().path("access_token").asText(),
                            answer.body().path("actor_name").asText(),
                            answer.body().path("account_slug").asText(),
                            answer.body().path("account_name").asText());
                }
                error = answer.status() >= 500
                        ? ""
                        : answer.body().path("error").asText();
            } catch (IOException unreachable) {
                error = "";
            }
            switch (error) {
                case "authorization_pending", "" -> {}
                case "slow_down" -> interval = interval.plus(SLOWER);
                case "access_denied" -> throw CommandFailedException.refused("it was denied: nothing has changed here");
                case "expired_token" ->
                    throw CommandFailedException.refused("the code is over: begin again, and type it sooner");
                default -> throw CommandFailedException.refused("the portal refuses: " + error);
            }
            if (left.isNegative()) {
                throw CommandFailedException.refused("nobody has typed the code in time: begin again");
            }
        }
    }

    /**
     * Ends a token.
     *
     * @throws CommandFailedException when the portal cannot be asked to
     */
    void revoke(String token) throws InterruptedException {
        try {
            Answer answer = post("revoke", Map.of("token", token));
            if (answer.status() != 200) {
                throw CommandFailedException.refused("the portal does not end the token: " + answer.why());
            }
        } catch (IOException unreachable) {
            throw unreachable(unreachable);
        }
    }

    private record Answer(int status, JsonNode body) {
        String why() {
            String description = body.path("error_description").asText("");
            return description.isEmpty() ? "it answers " + status : description;
        }
    }

    private Answer post(String path, Map<String, String> fields) throws IOException, InterruptedException {
        String form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("User-Agent", UserAgent.of(Role.CLIENT))
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        try {
            JsonNode body = new ObjectMapper().readTree(response.body());
            return new Answer(response.statusCode(), body);
        } catch (JsonProcessingException foreign) {
            return new Answer(response.statusCode(), StatusJson.object());
        }
    }

    private CommandFailedException unreachable(IOException why) {
        return CommandFailedException.refused("the portal cannot be reached at " + base + " ("
                + (why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage()) + "); see --api-url");
    }
}
