package dev.sluice.functions.audit;

import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.entity.Listing;
import jakarta.ws.rs.BadRequestException;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Which entries a query asks for: all of these hold. */
public class AuditFilter {
    @RestQuery
    @Parameter(description = "What was done, such as flow_denied.")
    @Nullable String action;

    @RestQuery
    @Parameter(description = "Who did it, as an entry names them.")
    @Nullable String subject;

    @RestQuery
    @Parameter(description = "The X-Request-Id by which it was done.")
    @Nullable String request;

    @RestQuery
    @Parameter(description = "The code of the reason, such as no_policy.")
    @Nullable String reason;

    @RestQuery("object_id")
    @Parameter(description = "What was changed.")
    @Nullable String objectId;

    @RestQuery("actor_id")
    @Nullable String actorId;

    @RestQuery("client_id")
    @Nullable String clientId;

    @RestQuery("resource_id")
    @Nullable String resourceId;

    @RestQuery("gateway_id")
    @Nullable String gatewayId;

    @RestQuery
    @Parameter(description = "Not before this time (RFC 3339).", schema = @Schema(format = "date-time"))
    @Nullable String since;

    @RestQuery
    @Parameter(description = "Before this time (RFC 3339).", schema = @Schema(format = "date-time"))
    @Nullable String until;

    /** As the forms of pages send it: what is left empty asks for nothing. */
    public AuditFilter withoutBlanks() {
        action = filled(action);
        subject = filled(subject);
        request = filled(request);
        reason = filled(reason);
        since = filled(since);
        until = filled(until);
        return this;
    }

    private static @Nullable String filled(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** @throws BadRequestException when something is no id, or no time */
    Listing narrow(Listing entries) {
        var narrowed = entries.with("e.action::text", action)
                .with("e.subject", subject)
                .with("e.request", request)
                .with("e.reason", reason)
                .with("e.object_id", PageQuery.id("object_id", objectId))
                .with("e.actor_id", PageQuery.id("actor_id", actorId))
                .with("e.client_id", PageQuery.id("client_id", clientId))
                .with("e.resource_id", PageQuery.id("resource_id", resourceId))
                .with("e.gateway_id", PageQuery.id("gateway_id", gatewayId));
        var from = PageQuery.time("since", since);
        if (from != null) {
            narrowed.where("e.at >= ?", from);
        }
        var to = PageQuery.time("until", until);
        if (to != null) {
            narrowed.where("e.at < ?", to);
        }
        return narrowed;
    }
}
