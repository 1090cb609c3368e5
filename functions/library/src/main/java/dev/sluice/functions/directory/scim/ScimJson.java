package dev.sluice.functions.directory.scim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.unboundid.scim2.common.utils.JsonUtils;
import dev.sluice.functions.directory.PlainText;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** SCIM's JSON: names of attributes are the same in whatever case (RFC 7643, section 2.1). */
final class ScimJson {
    static final String MEDIA_TYPE = "application/scim+json";

    static final String ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";
    static final String LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    private ScimJson() {}

    static ObjectNode object() {
        return JsonUtils.getJsonNodeFactory().objectNode();
    }

    /** @throws ScimException when it is no object */
    static ObjectNode read(byte[] body) {
        try {
            if (JsonUtils.getObjectReader().readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            // Refused below: what is wrong with it is not repeated.
        }
        throw ScimException.syntax("The body is not a JSON object in UTF-8, or too deep.");
    }

    /** As it was kept. */
    static ObjectNode stored(String text) {
        try {
            return (ObjectNode) JsonUtils.getObjectReader().readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A text that belongs to an attribute; empty if it is absent or null. */
    static Optional<String> text(JsonNode object, String attribute) {
        JsonNode value = object.path(attribute);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw ScimException.value("'" + attribute + "' is a text.");
        }
        return Optional.of(value.asText());
    }

    /**
     * A text that stands for its thing.
     *
     * @throws ScimException when it is blank or too long, or has characters of control
     */
    static Optional<String> name(JsonNode object, String attribute) {
        Optional<String> text = text(object, attribute);
        text.ifPresent(name -> {
            if (!PlainText.isName(name)) {
                throw ScimException.value(
                        "'" + attribute + "' has 1 to 255 characters, not all of them blank, and none of control.");
            }
        });
        return text;
    }

    /**
     * A truth value, also as Entra writes it: {@code "True"}.
     *
     * @throws ScimException when it is none
     */
    static Optional<Boolean> flag(JsonNode object, String attribute) {
        JsonNode value = object.path(attribute);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        String word = value.asText().toLowerCase(Locale.ROOT);
        if (!word.equals("true") && !word.equals("false")) {
            throw ScimException.value("'" + attribute + "' is true or false.");
        }
        return Optional.of(word.equals("true"));
    }

    /** The elements of a multi-valued attribute; one that stands alone is one, and none is empty. */
    static ArrayNode many(JsonNode value) {
        if (value instanceof ArrayNode array) {
            return array;
        }
        ArrayNode array = JsonUtils.getJsonNodeFactory().arrayNode();
        if (!value.isMissingNode() && !value.isNull()) {
            array.add(value);
        }
        return array;
    }
}
