package dev.sluice.functions.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bodies that a published schema does not allow, each for one reason: a part of another type, beyond a limit, missing, unknown. */
final class InvalidBodies {
    /**
     * What is wrong once.
     *
     * @param field the name of the part that is wrong; empty for the whole
     */
    record Variant(String field, String what, JsonNode body) {
        @Override
        public String toString() {
            return field + " " + what;
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REFERENCE = "#/components/schemas/";
    private static final Pattern LENGTHS = Pattern.compile("]\\{(\\d+),(\\d+)}\\)[$]$");
    private static final int MOST_ITEMS = 200;

    private final JsonNode schemas;

    /** @param description of the API */
    InvalidBodies(JsonNode description) {
        this.schemas = description.path("components").path("schemas");
    }

    /** @param valid a body that the schema of this name allows */
    List<Variant> of(String schema, JsonNode valid) {
        return variants(schemas.path(schema), valid);
    }

    private List<Variant> variants(JsonNode described, JsonNode valid) {
        JsonNode schema = resolved(described);
        return switch (type(schema)) {
            case "string" -> texts(schema);
            case "integer" -> numbers(schema);
            case "boolean" ->
                List.of(
                        wrong("is a text", TextNode.valueOf("perhaps")),
                        wrong("is a word", TextNode.valueOf("true")),
                        wrong("is a number", IntNode.valueOf(0)));
            case "array" -> arrays(schema, valid);
            case "object" -> objects(schema, valid);
            default -> throw new IllegalStateException("of an unknown type: " + schema);
        };
    }

    private static Variant wrong(String what, JsonNode value) {
        return new Variant("", what, value);
    }

    private static List<Variant> texts(JsonNode schema) {
        var all = new ArrayList<Variant>();
        all.add(wrong("is an object", JSON.createObjectNode()));
        all.add(wrong("is a number", IntNode.valueOf(5)));
        all.add(wrong("is true", BooleanNode.TRUE));
        if (schema.has("maxLength")) {
            all.add(wrong("is too long", text(schema.get("maxLength").asInt() + 1)));
        }
        if (schema.path("minLength").asInt() > 0) {
            all.add(wrong("is empty", text(0)));
        }
        if (schema.has("pattern")) {
            all.add(wrong("has a character of control", TextNode.valueOf("a\u0001b")));
        }
        Matcher lengths = LENGTHS.matcher(schema.path("pattern").asText());
        if (lengths.find()) {
            all.add(wrong("is too long for its pattern", text(Integer.parseInt(lengths.group(2)) + 1)));
            all.add(wrong("is too short for its pattern", text(Integer.parseInt(lengths.group(1)) - 1)));
        }
        if (schema.has("enum") || schema.has("format")) {
            all.add(wrong("is nonsense", TextNode.valueOf("nonsense")));
            all.add(wrong("is blank", TextNode.valueOf(" ")));
        }
        return all;
    }

    private static TextNode text(int length) {
        return TextNode.valueOf("x".repeat(length));
    }

    private static List<Variant> numbers(JsonNode schema) {
        var all = new ArrayList<Variant>();
        all.add(wrong("is a text", TextNode.valueOf("x")));
        all.add(wrong("is a number in a text", TextNode.valueOf("5")));
        all.add(wrong("is a fraction", DoubleNode.valueOf(1.5)));
        if (schema.has("minimum")) {
            all.add(wrong("is too small", LongNode.valueOf(schema.get("minimum").asLong() - 1)));
        }
        if (schema.has("maximum")) {
            all.add(wrong("is too large", LongNode.valueOf(schema.get("maximum").asLong() + 1)));
        }
        return all;
    }

    private List<Variant> arrays(JsonNode schema, JsonNode valid) {
        var all = new ArrayList<Variant>();
        JsonNode items = schema.path("items");
        all.add(wrong("is a text", TextNode.valueOf("x")));
        if (schema.path("minItems").asInt() > 0) {
            all.add(wrong("is empty", JSON.createArrayNode()));
        }
        if (schema.path("maxItems").asInt(MOST_ITEMS + 1) <= MOST_ITEMS) {
            ArrayNode many = JSON.createArrayNode();
            for (int n = 0; n <= schema.get("maxItems").asInt(); n++) {
                many.add(example(items));
            }
            all.add(wrong("has too many items", many));
        }
        if (!allowsNull(items)) {
            all.add(wrong("has null in it", JSON.createArrayNode().addNull()));
        }
        JsonNode item = valid.isEmpty() ? example(items) : valid.get(0);
        for (var variant : variants(items, item)) {
            all.add(new Variant(
                    variant.field(),
                    variant.what() + " in an array",
                    JSON.createArrayNode().add(variant.body())));
        }
        return all;
    }

    private List<Variant> objects(JsonNode schema, JsonNode valid) {
        var all = new ArrayList<Variant>();
        all.add(wrong("is a text", TextNode.valueOf("x")));
        for (var property : schema.path("properties").properties()) {
            String name = property.getKey();
            JsonNode part = valid.hasNonNull(name) ? valid.get(name) : example(property.getValue());
            for (var variant : variants(property.getValue(), part)) {
                ObjectNode object = valid.deepCopy();
                object.set(name, variant.body());
                all.add(new Variant(variant.field().isEmpty() ? name : variant.field(), variant.what(), object));
            }
        }
        for (var property : schema.path("properties").properties()) {
            if (!allowsNull(property.getValue())) {
                ObjectNode object = valid.deepCopy();
                object.putNull(property.getKey());
                all.add(new Variant(property.getKey(), "is null", object));
            }
        }
        for (JsonNode required : schema.path("required")) {
            ObjectNode object = valid.deepCopy();
            object.remove(required.asText());
            all.add(new Variant(required.asText(), "is missing", object));
        }
        ObjectNode more = valid.deepCopy();
        more.set("unheard_of", IntNode.valueOf(1));
        all.add(new Variant("unheard_of", "is unknown", more));
        return all;
    }

    /** Something of this type, which refers to nothing that there is. */
    private JsonNode example(JsonNode described) {
        JsonNode schema = resolved(described);
        return switch (type(schema)) {
            case "string" -> TextNode.valueOf(exampleText(schema));
            case "integer" -> LongNode.valueOf(schema.path("minimum").asLong(1));
            case "boolean" -> BooleanNode.TRUE;
            case "array" -> JSON.createArrayNode().add(example(schema.path("items")));
            default -> {
                ObjectNode object = JSON.createObjectNode();
                for (JsonNode required : schema.path("required")) {
                    object.set(
                            required.asText(), example(schema.path("properties").path(required.asText())));
                }
                yield object;
            }
        };
    }

    private static String exampleText(JsonNode schema) {
        if (schema.has("enum")) {
            return schema.path("enum").path(0).asText();
        }
        return schema.path("format").asText().equals("uuid") ? "00000000-0000-7000-8000-000000000000" : "example";
    }

    private JsonNode resolved(JsonNode described) {
        JsonNode schema = described.has("anyOf") ? described.path("anyOf").path(0) : described;
        return schema.has("$ref") ? schemas.path(schema.get("$ref").asText().substring(REFERENCE.length())) : schema;
    }

    private boolean allowsNull(JsonNode described) {
        return described.has("anyOf") || resolved(described).path("type").isArray();
    }

    /** The type beside null, if that is one of them. */
    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        return type.isArray() ? type.path(0).asText() : type.asText();
    }
}
