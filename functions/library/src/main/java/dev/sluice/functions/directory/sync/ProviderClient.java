package dev.sluice.functions.directory.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.directory.DirectorySettings;
import dev.sluice.functions.directory.PlainText;
import dev.sluice.functions.outgoing.Outgoing;
import dev.sluice.functions.outgoing.OutgoingException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Asks the API of a provider, which answers in JSON: within bounds, again where it was throttled or fails, and with words for
 * admins where it refuses.
 */
@ApplicationScoped
public class ProviderClient {
    private static final int TRIES = 5;
    private static final int LONGEST_ANSWER = 8 * 1024 * 1024;
    private static final int LONGEST_PAUSES = 60;

    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    private static final int QUOTED = 200;

    private final Outgoing outgoing;
    private final DirectorySettings settings;
    private final ObjectMapper json;
    /** Who asks for access waits for a processor meanwhile: one answer is parsed at a time, however many are asked for. */
    private final ReentrantLock parsing = new ReentrantLock();

    @Inject
    public ProviderClient(Outgoing outgoing, DirectorySettings settings, ObjectMapper json) {
        this.outgoing = outgoing;
        this.settings = settings;
        this.json = json;
    }

    /**
     * Reads something.
     *
     * @param provider as admins call it
     * @throws DirectoryFailure when it cannot be read
     */
    public JsonNode get(String provider, URI url, String bearer) {
        return find(provider, url, bearer)
                .orElseThrow(() -> DirectoryFailure.lasting(provider + " does not know what it was asked for (404)."));
    }

    /** As {@link #get}; empty if there is none. */
    public Optional<JsonNode> find(String provider, URI url, String bearer) {
        return send(
                provider,
                Outgoing.Request.get(
                        url,
                        Map.of("authorization", "Bearer " + bearer, "accept", "application/json"),
                        settings.answerWithin(),
                        LONGEST_ANSWER));
    }

    /**
     * Has something made.
     *
     * @param bearer null for none
     * @throws DirectoryFailure when it is not
     */
    public JsonNode post(String provider, URI url, @Nullable String bearer, String type, String body) {
        Map<String, String> headers = new HashMap<>(Map.of("accept", "application/json", "content-type", type));
        if (bearer != null) {
            headers.put("authorization", "Bearer " + bearer);
        }
        return send(
                        provider,
                        new Outgoing.Request(
                                "POST",
                                url,
                                headers,
                                body.getBytes(StandardCharsets.UTF_8),
                                settings.answerWithin(),
                                LONGEST_ANSWER))
                .orElseThrow(() -> DirectoryFailure.lasting(provider + " does not know what it was asked for (404)."));
    }

    private Optional<JsonNode> send(String provider, Outgoing.Request request) {
        for (int tried = 1; ; tried++) {
            DirectoryFailure failure;
            @Nullable String after = null;
            try {
                var answer = outgoing.send(request);
                if (answer.status() != TOO_MANY && answer.status() < SERVER_ERROR) {
                    return read(provider, answer);
                }
                after = answer.headers().get("retry-after");
                failure = DirectoryFailure.passing(
                        answer.status() == TOO_MANY
                                ? provider + " asks to be asked less often (429)."
                                : provider + " has an error (" + answer.status() + ").");
            } catch (OutgoingException e) {
                failure = DirectoryFailure.passing(e.getMessage());
            }
            if (tried == TRIES) {
                throw failure;
            }
            pause(tried, after);
        }
    }

    private Optional<JsonNode> read(String provider, Outgoing.Answer answer) {
        int status = answer.status();
        if (status == NOT_FOUND) {
            return Optional.empty();
        }
        if (status == UNAUTHORIZED || status == FORBIDDEN) {
            throw DirectoryFailure.lasting(provider + " refuses the portal (" + status
                    + "): check the key, and what it may read." + said(answer));
        }
        if (status >= BAD_REQUEST || status < 200 || status >= 300) {
            throw DirectoryFailure.lasting(provider + " does not do that (" + status + ")." + said(answer));
        }
        parsing.lock();
        try {
            JsonNode body = json.readTree(answer.body());
            if (body != null && body.isObject()) {
                return Optional.of(body);
            }
        } catch (IOException e) {
            // Said below.
        } finally {
            parsing.unlock();
        }
        throw DirectoryFailure.passing(provider + " answers with something that is not what it should be.");
    }

    /** What a provider says of an error, in whichever form it has. */
    private String said(Outgoing.Answer answer) {
        try {
            JsonNode body = json.readTree(new String(answer.body(), StandardCharsets.UTF_8));
            for (String pointer : new String[] {"/error_description", "/error/message", "/message", "/errorSummary"}) {
                String text = body.at(pointer).asText("");
                if (!text.isBlank()) {
                    String shown = PlainText.name(text, "");
                    return " It says: " + shown.substring(0, Math.min(shown.length(), QUOTED));
                }
            }
        } catch (JsonProcessingException e) {
            // It says nothing.
        }
        return "";
    }

    private void pause(int tried, @Nullable String after) {
        Duration wait = settings.pause().multipliedBy(1L << (tried - 1));
        if (after != null && after.matches("[0-9]{1,4}")) {
            Duration wanted = settings.pause().multipliedBy(Math.min(Long.parseLong(after), LONGEST_PAUSES));
            wait = wanted.compareTo(wait) > 0 ? wanted : wait;
        }
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DirectoryFailure.passing("The portal stopped meanwhile.");
        }
    }
}
