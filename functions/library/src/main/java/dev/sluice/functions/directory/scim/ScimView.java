package dev.sluice.functions.directory.scim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How resources are shown: which of their attributes (RFC 7644, section 3.9).
 *
 * @param base what their locations begin with
 * @param only these, in lower case, and what identifies them; empty for all
 * @param without these
 */
record ScimView(String base, Set<String> only, Set<String> without) {
    private static final Set<String> ALWAYS = Set.of("schemas", "id");

    static ScimView of(UriInfo uri, @Nullable String attributes, @Nullable String excluded) {
        return new ScimView(uri.getBaseUri().resolve(ScimPaths.ROOT).toString(), names(attributes), names(excluded));
    }

    /** Whether an attribute is shown. */
    boolean has(String attribute) {
        String name = attribute.toLowerCase(Locale.ROOT);
        return (only.isEmpty() || only.contains(name)) && !without.contains(name);
    }

    ObjectNode of(ScimUsers.Kept kept) {
        ScimUser user = kept.user();
        ObjectNode shown = ScimJson.object();
        ArrayNode schemas = shown.putArray("schemas").add(ScimUser.SCHEMA);
        if (user.resource().has(ScimUser.ENTERPRISE)) {
            schemas.add(ScimUser.ENTERPRISE);
        }
        shown.put("id", kept.id().toString());
        put(shown, "externalId", user.externalId());
        put(shown, "userName", user.userName());
        if (has("active")) {
            shown.put("active", kept.isActive());
        }
        rest(shown, user.resource());
        meta(shown, "User", ScimPaths.USERS, kept.id(), kept.insertedAt(), kept.updatedAt(), kept.version());
        return shown;
    }

    /** @param members null where they are not shown */
    ObjectNode of(ScimGroups.Kept kept, @Nullable ArrayNode members) {
        ScimGroup group = kept.group();
        ObjectNode shown = ScimJson.object();
        shown.putArray("schemas").add(ScimGroup.SCHEMA);
        shown.put("id", kept.id().toString());
        put(shown, "externalId", group.externalId());
        put(shown, "displayName", group.displayName());
        if (members != null) {
            shown.set("members", members);
        }
        meta(shown, "Group", ScimPaths.GROUPS, kept.id(), kept.insertedAt(), kept.updatedAt(), kept.version());
        return shown;
    }

    /** One member of a group. */
    ObjectNode member(UUID id, String display) {
        ObjectNode member = ScimJson.object();
        member.put("value", id.toString());
        member.put("display", display);
        member.put("type", "User");
        member.put("$ref", base + ScimPaths.USERS + "/" + id);
        return member;
    }

    private void put(ObjectNode shown, String attribute, @Nullable String value) {
        if (value != null && has(attribute)) {
            shown.put(attribute, value);
        }
    }

    private void rest(ObjectNode shown, ObjectNode resource) {
        for (Map.Entry<String, JsonNode> attribute : resource.properties()) {
            if (has(attribute.getKey())) {
                shown.set(attribute.getKey(), attribute.getValue());
            }
        }
    }

    private void meta(
            ObjectNode shown, String type, String path, UUID id, Instant created, Instant modified, long version) {
        if (!has("meta")) {
            return;
        }
        ObjectNode meta = shown.putObject("meta");
        meta.put("resourceType", type);
        meta.put("created", created.toString());
        meta.put("lastModified", modified.toString());
        meta.put("location", base + path + "/" + id);
        meta.put("version", tag(version));
    }

    /** The weak ETag of a version. */
    static String tag(long version) {
        return "W/\"" + version + "\"";
    }

    private static Set<String> names(@Nullable String listed) {
        return listed == null
                ? Set.of()
                : Arrays.stream(listed.split(",", -1))
                        .map(name -> name.strip().toLowerCase(Locale.ROOT))
                        .filter(name -> !name.isEmpty() && !ALWAYS.contains(name))
                        .collect(Collectors.toUnmodifiableSet());
    }
}
