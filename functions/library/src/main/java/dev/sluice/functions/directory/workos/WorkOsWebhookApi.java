package dev.sluice.functions.directory.workos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.api.Door;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestHeader;
import org.jspecify.annotations.Nullable;

/** Where WorkOS tells of events. Proves itself by its signature, and is told why in plain text. */
@Path(Door.INTEGRATIONS + "workos/webhooks")
@Consumes(MediaType.WILDCARD)
@RunOnVirtualThread
public class WorkOsWebhookApi {
    private static final int UNAVAILABLE = 503;
    private static final String RETRY_AFTER_SECONDS = "30";

    private final WorkOsSettings settings;
    private final WorkOsInbox inbox;
    private final ObjectMapper json;

    @Inject
    WorkOsWebhookApi(WorkOsSettings settings, WorkOsInbox inbox, ObjectMapper json) {
        this.settings = settings;
        this.inbox = inbox;
        this.json = json;
    }

    @POST
    @Operation(hidden = true)
    public Response take(byte[] body, @RestHeader("WorkOS-Signature") @Nullable String signature) {
        List<String> secrets = settings.webhookSecrets().orElse(List.of());
        if (secrets.isEmpty()) {
            return later("No events are taken: WORKOS_WEBHOOK_SECRET.");
        }
        Optional<String> refusal = WorkOsSignature.refusal(body, signature, secrets, Instant.now());
        if (refusal.isPresent()) {
            return bad(refusal.get());
        }
        Optional<WorkOsEvent> event = read(body);
        if (event.isEmpty()) {
            return bad("no event");
        }
        return switch (inbox.take(event.get())) {
            case TAKEN -> Response.ok().build();
            case LATER -> later("Busy: try again.");
        };
    }

    private Optional<WorkOsEvent> read(byte[] body) {
        try {
            JsonNode event = json.readTree(body);
            return event == null ? Optional.empty() : WorkOsEvent.read(event);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Response bad(String why) {
        return Response.status(Response.Status.BAD_REQUEST)
                .type(MediaType.TEXT_PLAIN_TYPE)
                .entity("Bad Request: " + why)
                .build();
    }

    private static Response later(String why) {
        return Response.status(UNAVAILABLE)
                .type(MediaType.TEXT_PLAIN_TYPE)
                .entity(why)
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .build();
    }
}
