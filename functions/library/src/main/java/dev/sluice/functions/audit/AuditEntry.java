package dev.sluice.functions.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What was decided or changed.
 *
 * @param action such as {@code flow_granted}
 * @param subject who did it; null where the portal itself decided
 * @param objectId what was changed, where that is none of the following
 * @param actorId whose it is or was, for instance a membership's, as with group and site
 * @param actor what they are called now; null where they are no more, as with client, resource, gateway, group and site
 * @param request by which request, where it was one
 * @param before what was changed, as it was: its columns that are audited; empty where it was created, or nothing was changed
 * @param after and as it is since; empty where it was deleted
 * @param reason the code of the typed reason; null where nothing was refused or ended
 * @param properties for a condition, what was violated
 * @param count how often, for a denial that was repeated
 * @param lastAt when last; null where it was once
 */
public record AuditEntry(
        long id,
        Instant at,
        String action,
        @Nullable String subject,
        @Nullable UUID objectId,
        @Nullable UUID clientId,
        @Nullable String client,
        @Nullable UUID resourceId,
        @Nullable String resource,
        @Nullable UUID gatewayId,
        @Nullable String gateway,
        @Nullable UUID actorId,
        @Nullable String actor,
        @Nullable UUID groupId,
        @Nullable String group,
        @Nullable UUID siteId,
        @Nullable String site,
        @Nullable String request,

        @Schema(implementation = Object.class, type = SchemaType.OBJECT)
        Map<String, JsonNode> before,

        @Schema(implementation = Object.class, type = SchemaType.OBJECT)
        Map<String, JsonNode> after,

        @Nullable Long generation,
        @Nullable String reason,
        List<String> properties,
        long count,
        @Nullable Instant lastAt) {}
