package dev.sluice.functions.directory.workos;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an event says of itself. Of what it is about only the ids are taken: the rest may be old.
 *
 * @param sourceId the directory, as WorkOS calls it; null if it is about none
 * @param userId the user, as WorkOS calls them; null if it is about none
 * @param idpId and as their identity provider does
 */
record WorkOsEvent(
        String id,
        String type,
        @Nullable String sourceId,
        @Nullable String userId,
        @Nullable String idpId) {
    private static final String ABOUT = "dsync.";
    private static final String ABOUT_USER = "dsync.user.";
    private static final String DELETED = "dsync.deleted";

    static Optional<WorkOsEvent> read(JsonNode event) {
        JsonNode data = event.path("data");
        if (!event.path("id").isTextual() || !event.path("event").isTextual() || !data.isObject()) {
            return Optional.empty();
        }
        String type = event.path("event").asText();
        boolean isUser = type.startsWith(ABOUT_USER);
        // An event about a directory has the directory's id for its own.
        String source = data.path("directory_id").isTextual() || type.startsWith("dsync.group.")
                ? data.path("directory_id").textValue()
                : data.path("id").textValue();
        return Optional.of(new WorkOsEvent(
                event.path("id").asText(),
                type,
                source,
                isUser ? data.path("id").textValue() : null,
                isUser ? data.path("idp_id").textValue() : null));
    }

    boolean isAboutADirectory() {
        return type.startsWith(ABOUT) && sourceId != null;
    }

    boolean isAboutAUser() {
        return userId != null;
    }

    /** Whether the directory is linked no more. */
    boolean isTheEnd() {
        return type.equals(DELETED);
    }
}
