package dev.sluice.functions.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.channel.Detail;
import dev.sluice.channel.Reason;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.functions.flow.GrantedFlow;
import dev.sluice.functions.sql.Row;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One durable message for a device, as it lies in the outbox: what happened, and not yet what is said about it.
 *
 * @param seen by violated property, what it was held against
 * @param granted the flow that it grants, while that stands; null for all other entries
 */
record Entry(
        long id,
        UUID accountId,
        UUID deviceId,
        Kind kind,
        @Nullable UUID clientId,
        @Nullable UUID gatewayId,
        @Nullable UUID resourceId,
        @Nullable UUID flowId,
        @Nullable Long generation,
        @Nullable Instant expiresAt,
        @Nullable String reason,
        List<String> properties,
        Map<String, String> seen,
        @Nullable GrantedFlow granted) {
    enum Kind {
        AUTHORIZE_FLOW,
        REJECT_ACCESS,
        EXPIRY_UPDATED,
        RESOURCE_FILTERS,
        FLOW_CREATED,
        FLOW_FAILED,
        RESOURCE,
        RESOURCE_MOVED,
        ACCOUNT,
        DISCONNECT;

        /** Whether all that is said about it came with it. */
        boolean isComplete() {
            return switch (this) {
                case AUTHORIZE_FLOW, REJECT_ACCESS, EXPIRY_UPDATED, FLOW_CREATED, FLOW_FAILED, DISCONNECT -> true;
                case RESOURCE_FILTERS, RESOURCE, RESOURCE_MOVED, ACCOUNT -> false;
            };
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> SEEN = new TypeReference<>() {};

    static Entry read(Row row) {
        return new Entry(
                row.number("id"),
                row.id("account_id"),
                row.id("device_id"),
                Kind.valueOf(row.text("kind").toUpperCase(java.util.Locale.ROOT)),
                row.optionalId("client_id"),
                row.optionalId("gateway_id"),
                row.optionalId("resource_id"),
                row.optionalId("flow_id"),
                row.optionalNumber("generation"),
                row.optionalInstant("expires_at"),
                row.optionalText("reason"),
                row.texts("properties"),
                seen(row.optionalText("seen")),
                GrantedFlow.read(row));
    }

    private static Map<String, String> seen(@Nullable String json) {
        try {
            return json == null ? Map.of() : JSON.readValue(json, SEEN);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database has JSON that is none", e);
        }
    }

    /** Why, typed; null where there is no reason. */
    @Nullable Detail detail() {
        return reason == null
                ? null
                : Reason.of(reason).map(r -> new Detail(r, properties, seen)).orElse(null);
    }

    SluiceExtra extra() {
        return new SluiceExtra(generation, detail());
    }

    /** Whether it has the client look at a resource again, in one way or the other. */
    boolean isAboutResource() {
        return kind == Kind.RESOURCE || kind == Kind.RESOURCE_MOVED;
    }

    /** This entry with what an earlier one about the same resource said and this one does not. */
    Entry after(Entry earlier) {
        return new Entry(
                id,
                accountId,
                deviceId,
                kind == Kind.RESOURCE ? earlier.kind : kind,
                clientId,
                gatewayId,
                resourceId,
                flowId == null ? earlier.flowId : flowId,
                generation == null ? earlier.generation : generation,
                expiresAt,
                reason == null ? earlier.reason : reason,
                properties,
                seen,
                granted);
    }
}
