package dev.sluice.functions.directory.scim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.directory.PlainText;
import dev.sluice.functions.directory.Roster;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A user, as SCIM has them (RFC 7643, sections 4.1 and 4.3).
 *
 * @param active null where nothing is said of it
 * @param resource all attributes but these and those that are ours
 */
record ScimUser(
        String userName,
        @Nullable String externalId,
        @Nullable Boolean active,
        ObjectNode resource) {
    static final String SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";
    static final String ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    /** What a client may write. */
    static final Set<String> ATTRIBUTES = Set.of(
            "userName",
            "externalId",
            "active",
            "name",
            "displayName",
            "nickName",
            "profileUrl",
            "title",
            "userType",
            "preferredLanguage",
            "locale",
            "timezone",
            "emails",
            "phoneNumbers",
            "ims",
            "photos",
            "addresses",
            "entitlements",
            "roles",
            "x509Certificates",
            ENTERPRISE);

    private static final Set<String> APART = Set.of("userName", "externalId", "active");

    private static final int LONGEST = 64 * 1024;

    /**
     * What a client says of a user. What it has no attribute for is left out, and a password is nothing that is kept.
     *
     * @throws ScimException when it is none
     */
    static ScimUser read(ObjectNode said) {
        String userName =
                ScimJson.name(said, "userName").orElseThrow(() -> ScimException.value("'userName' is missing."));
        ObjectNode resource = kept(said, ATTRIBUTES, APART);
        if (resource.toString().length() > LONGEST) {
            throw ScimException.value("A user has at most " + LONGEST + " characters.");
        }
        return new ScimUser(
                userName,
                ScimJson.name(said, "externalId").orElse(null),
                ScimJson.flag(said, "active").orElse(null),
                resource);
    }

    /** Of the attributes those that are known, in the case in which they are written, and in one order. */
    static ObjectNode kept(ObjectNode said, Set<String> known, Set<String> apart) {
        Map<String, JsonNode> kept = new TreeMap<>();
        for (String attribute : known) {
            JsonNode value = said.path(attribute);
            if (!apart.contains(attribute) && !value.isMissingNode() && !isNothing(value)) {
                kept.put(attribute, value);
            }
        }
        ObjectNode object = ScimJson.object();
        kept.forEach(object::set);
        return object;
    }

    /** To be changed by a patch. */
    ObjectNode whole() {
        ObjectNode whole = resource.deepCopy();
        whole.put("userName", userName);
        if (externalId != null) {
            whole.put("externalId", externalId);
        }
        if (active != null) {
            whole.put("active", active);
        }
        return whole;
    }

    /** @param usually whether somebody is active of whom nothing is said */
    Roster.User of(UUID id, boolean usually) {
        return new Roster.User(
                id, externalId, userName, shownName(), email(), active == null ? usually : active, resource.toString());
    }

    private String shownName() {
        JsonNode name = resource.path("name");
        return Stream.of(
                        Optional.ofNullable(resource.path("displayName").textValue()),
                        Optional.ofNullable(name.path("formatted").textValue()),
                        Optional.of(name.path("givenName").asText("") + " "
                                + name.path("familyName").asText("")))
                .flatMap(Optional::stream)
                .map(text -> PlainText.name(text, ""))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(userName);
    }

    /** The primary one, or the first, or the name if it is one. */
    private @Nullable String email() {
        String found = null;
        for (JsonNode email : ScimJson.many(resource.path("emails"))) {
            String value = PlainText.email(email.path("value").textValue());
            if (value != null && email.path("primary").asBoolean()) {
                return value;
            }
            found = found == null ? value : found;
        }
        return found == null ? PlainText.email(userName) : found;
    }

    private static boolean isNothing(JsonNode value) {
        if (value.isNull()) {
            return true;
        }
        Iterator<JsonNode> elements = value.elements();
        return value.isContainerNode() && !elements.hasNext();
    }
}
