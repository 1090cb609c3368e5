package dev.sluice.functions.directory.scim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.unboundid.scim2.common.Path;
import com.unboundid.scim2.common.filters.EqualFilter;
import com.unboundid.scim2.common.filters.Filter;
import com.unboundid.scim2.common.messages.PatchOperation;
import com.unboundid.scim2.common.utils.JsonUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a PATCH (RFC 7644, section 3.5.2), as its clients write them. Entra writes {@code "op": "Add"}, keys with
 * dots where no path is, and replaces what is not there yet; Okta sends an object without a path that has the id in it.
 *
 * @param operations in their order, each with a path
 */
record ScimPatch(List<Operation> operations) {
    private static final int MOST = 1000;
    private static final int LONGEST_PATH = 1000;

    /** What the portal itself says of a resource. */
    private static final Set<String> OURS = Set.of("id", "meta", "schemas", "groups");

    enum Kind {
        ADD,
        REPLACE,
        REMOVE
    }

    /**
     * One of them.
     *
     * @param value missing where there is none
     */
    record Operation(Kind kind, Path path, JsonNode value) {
        /** The attribute at which the path begins, without the schema. */
        String attribute() {
            return path.isRoot() ? "" : path.getElement(0).getAttribute();
        }

        /** The filter of that attribute. */
        Optional<Filter> filter() {
            return path.isRoot()
                    ? Optional.empty()
                    : Optional.ofNullable(path.getElement(0).getValueFilter());
        }
    }

    /**
     * Reads what a client sends.
     *
     * @param schema of what is patched
     * @param known its attributes and extensions
     * @throws ScimException when it is no patch, or one of something else
     */
    static ScimPatch read(ObjectNode body, String schema, Set<String> known) {
        JsonNode listed = body.path("Operations");
        if (!listed.isArray() || listed.isEmpty()) {
            throw ScimException.syntax("'Operations' is a list of at least one operation.");
        }
        if (listed.size() > MOST) {
            throw ScimException.value("A PATCH has at most " + MOST + " operations: send several.");
        }
        List<Operation> operations = new ArrayList<>();
        for (JsonNode operation : listed) {
            Kind kind = kind(operation.path("op").asText());
            JsonNode value = operation.path("value");
            if (kind != Kind.REMOVE && value.isMissingNode()) {
                throw ScimException.value("An operation that adds or replaces has a 'value'.");
            }
            Optional<String> path = ScimJson.text(operation, "path").filter(text -> !text.isBlank());
            if (path.isPresent()) {
                operations.add(new Operation(kind, path(path.get(), schema, known), value));
            } else {
                spread(operations, kind, value, schema, known);
            }
        }
        return new ScimPatch(operations);
    }

    /** Carries them out on a resource. */
    void apply(ObjectNode resource) {
        for (Operation operation : operations) {
            try {
                apply(resource, operation);
            } catch (com.unboundid.scim2.common.exceptions.ScimException e) {
                throw ScimException.path("An operation leads nowhere, or its value does not belong there.");
            }
        }
    }

    private static void apply(ObjectNode resource, Operation operation)
            throws com.unboundid.scim2.common.exceptions.ScimException {
        Path path = operation.path();
        switch (operation.kind()) {
            case REMOVE -> {
                if (JsonUtils.pathExists(path, resource)) {
                    PatchOperation.remove(path).apply(resource);
                }
            }
            case ADD -> {
                if (!isWithin(resource, operation)) {
                    PatchOperation.add(path, operation.value()).apply(resource);
                }
            }
            case REPLACE -> {
                if (operation.filter().isPresent()) {
                    if (!isWithin(resource, operation)) {
                        throw ScimException.target("A 'path' picks nothing, and does not say what to make.");
                    }
                } else {
                    PatchOperation.replace(path, operation.value()).apply(resource);
                }
            }
        }
    }

    /**
     * Where a path picks elements, {@code emails[type eq "work"].value}: sets those that it picks, or makes the one that it
     * describes.
     *
     * @return false if it picks none, and describes none
     */
    private static boolean isWithin(ObjectNode resource, Operation operation)
            throws com.unboundid.scim2.common.exceptions.ScimException {
        Path path = operation.path();
        Optional<Filter> filter = operation.filter();
        if (filter.isEmpty()) {
            return false;
        }
        Path picked = path.subPath(1);
        if (!JsonUtils.getValue(picked, resource).isEmpty()) {
            JsonUtils.replaceValue(path, resource, operation.value());
            return true;
        }
        if (!(filter.get() instanceof EqualFilter equal)) {
            return false;
        }
        ObjectNode made;
        if (path.size() > 1) {
            made = ScimJson.object();
            made.set(path.getElement(1).getAttribute(), operation.value());
        } else if (operation.value() instanceof ObjectNode given) {
            made = given.deepCopy();
        } else {
            return false;
        }
        made.set(equal.getAttributePath().getElement(0).getAttribute(), equal.getComparisonValue());
        var elements = ScimJson.many(resource.path(operation.attribute())).deepCopy();
        elements.add(made);
        resource.set(operation.attribute(), elements);
        return true;
    }

    /** Of an object without a path, each attribute is one operation; what is ours or unknown is passed over. */
    private static void spread(
            List<Operation> operations, Kind kind, JsonNode value, String schema, Set<String> known) {
        if (!(value instanceof ObjectNode object)) {
            throw kind == Kind.REMOVE
                    ? ScimException.path("An operation that removes has a 'path'.")
                    : ScimException.value("Without a 'path' the 'value' is an object.");
        }
        for (Map.Entry<String, JsonNode> attribute : object.properties()) {
            String name = attribute.getKey();
            if (isKnown(name, known)
                    && name.startsWith("urn:")
                    && attribute.getValue() instanceof ObjectNode extension) {
                for (Map.Entry<String, JsonNode> inner : extension.properties()) {
                    operations.add(
                            new Operation(kind, path(name + ":" + inner.getKey(), schema, known), inner.getValue()));
                }
            } else if (isKnown(root(name, schema), known)) {
                operations.add(new Operation(kind, path(name, schema, known), attribute.getValue()));
            }
        }
    }

    private static Path path(String text, String schema, Set<String> known) {
        if (text.length() > LONGEST_PATH) {
            throw ScimException.path("A 'path' has at most " + LONGEST_PATH + " characters.");
        }
        String own = text.regionMatches(true, 0, schema + ":", 0, schema.length() + 1)
                ? text.substring(schema.length() + 1)
                : text;
        Path path;
        try {
            path = Path.fromString(own);
        } catch (com.unboundid.scim2.common.exceptions.BadRequestException e) {
            throw ScimException.path("A 'path' is malformed.");
        }
        @Nullable String urn = path.getSchemaUrn();
        String root =
                urn != null ? urn : path.isRoot() ? "" : path.getElement(0).getAttribute();
        if (OURS.stream().anyMatch(root::equalsIgnoreCase)) {
            throw ScimException.mutability("'" + root + "' is the portal's.");
        }
        if (!isKnown(root, known) || urn != null && path.isRoot()) {
            throw ScimException.path("A 'path' leads to no attribute that there is here.");
        }
        return path;
    }

    /** The attribute of a name such as {@code name.givenName}, or the extension of one that has its urn before it. */
    private static String root(String name, String schema) {
        String own = name.regionMatches(true, 0, schema + ":", 0, schema.length() + 1)
                ? name.substring(schema.length() + 1)
                : name;
        if (own.startsWith("urn:")) {
            return own.substring(0, own.lastIndexOf(':'));
        }
        int end = own.indexOf('.');
        String first = end < 0 ? own : own.substring(0, end);
        int filter = first.indexOf('[');
        return filter < 0 ? first : first.substring(0, filter);
    }

    private static boolean isKnown(String root, Set<String> known) {
        return known.stream().anyMatch(root::equalsIgnoreCase);
    }

    private static Kind kind(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "add" -> Kind.ADD;
            case "replace" -> Kind.REPLACE;
            case "remove" -> Kind.REMOVE;
            default -> throw ScimException.syntax("An 'op' is add, replace or remove.");
        };
    }
}
