package dev.sluice.functions.billing;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestHeader;
import org.jspecify.annotations.Nullable;

/** Where Stripe tells of events: integrations.md, section 1.3. Proves itself by its signature, and is told why in plain text. */
@Path(Door.INTEGRATIONS + "stripe/webhooks")
@Consumes(MediaType.WILDCARD)
@RunOnVirtualThread
public class StripeWebhookApi {
    private static final int UNAVAILABLE = 503;
    private static final String RETRY_AFTER_SECONDS = "30";

    private final BillingSettings settings;
    private final StripeInbox inbox;
    private final ObjectMapper json;

    @Inject
    StripeWebhookApi(BillingSettings settings, StripeInbox inbox, ObjectMapper json) {
        this.settings = settings;
        this.inbox = inbox;
        this.json = json;
    }

    @POST
    @Operation(hidden = true)
    public Response take(byte[] body, @RestHeader("Stripe-Signature") @Nullable String signature) {
        if (!settings.enabled()) {
            return later("Billing is not enabled: BILLING_ENABLED.");
        }
        String text = new String(body, StandardCharsets.UTF_8);
        Optional<String> refusal = StripeSignature.refusal(
                text, signature, settings.signingSecrets().orElseThrow(), Instant.now());
        if (refusal.isPresent()) {
            return bad(refusal.get());
        }
        Optional<StripeEvent> event = read(text);
        if (event.isEmpty()) {
            return bad("no event");
        }
        if (event.get().livemode() != settings.isLive()) {
            return bad("livemode mismatch");
        }
        return switch (inbox.take(event.get())) {
            case TAKEN -> Response.ok().build();
            case LATER -> later("Busy: try again.");
        };
    }

    private Optional<StripeEvent> read(String text) {
        try {
            return StripeEvent.read(json.readTree(text));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static Response bad(String why) {
        return plain(Response.Status.BAD_REQUEST.getStatusCode(), "Bad Request: " + why)
                .build();
    }

    private static Response later(String why) {
        return plain(UNAVAILABLE, why)
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .build();
    }

    private static Response.ResponseBuilder plain(int status, String text) {
        return Response.status(status).type(MediaType.TEXT_PLAIN_TYPE).entity(text);
    }
}
