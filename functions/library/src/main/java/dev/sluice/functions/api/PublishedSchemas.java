package dev.sluice.functions.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.RecordComponentInfo;
import org.jspecify.annotations.Nullable;

/**
 * What the records of the API say of themselves and their annotations alone do not: that an answer always has all of its
 * parts, which of them may be null, and that a pattern is about the whole of a text.
 */
final class PublishedSchemas {
    private static final String REFERENCE = "#/components/schemas/";
    private static final String OURS = "dev.sluice.functions.";
    private static final String WORDS = "[a-z0-9_]+([|][a-z0-9_]+)+";
    private static final DotName NULLABLE = DotName.createSimple(Nullable.class);
    private static final DotName VIEW = DotName.createSimple(View.class);
    private static final DotName NAMED =
            DotName.createSimple(org.eclipse.microprofile.openapi.annotations.media.Schema.class);

    private final Map<String, Schema> schemas;
    /** By the names of their schemas. What several indexes know comes several times. */
    private final Map<String, Map<DotName, ClassInfo>> records = new HashMap<>();

    PublishedSchemas(OpenAPI description, IndexView index) {
        schemas = Objects.requireNonNull(description.getComponents().getSchemas(), "the API has bodies");
        for (var type : index.getKnownClasses()) {
            if (type.isRecord() && type.name().toString().startsWith(OURS)) {
                records.computeIfAbsent(name(type), name -> new HashMap<>()).put(type.name(), type);
            }
        }
    }

    private static String name(ClassInfo type) {
        AnnotationInstance named = type.declaredAnnotation(NAMED);
        return named == null || named.value("name") == null
                ? type.simpleName()
                : named.value("name").asString();
    }

    void complete(OpenAPI description) {
        var operations = description.getPaths().getPathItems().values().stream()
                .flatMap(item -> item.getOperations().values().stream())
                .toList();
        var asked = reached(operations.stream().flatMap(PublishedSchemas::bodies));
        var answered = reached(operations.stream().flatMap(PublishedSchemas::answers));
        schemas.forEach((name, schema) -> {
            each(schema, PublishedSchemas::anchor);
            complete(name, schema, answered.contains(name) && !asked.contains(name));
            if (asked.contains(name) && schema.getProperties() != null) {
                // What is not known is refused.
                schema.setAdditionalPropertiesSchema(OASFactory.createSchema().booleanSchema(false));
            }
        });
    }

    private static Stream<Content> bodies(Operation operation) {
        return operation.getRequestBody() == null
                ? Stream.of()
                : Stream.of(operation.getRequestBody().getContent());
    }

    private static Stream<Content> answers(Operation operation) {
        return operation.getResponses().getAPIResponses().values().stream()
                .map(response -> response.getContent())
                .filter(Objects::nonNull);
    }

    /** The names of all schemas to which these lead. */
    private Set<String> reached(Stream<Content> contents) {
        var found = new HashSet<String>();
        contents.flatMap(content -> content.getMediaTypes().values().stream())
                .map(type -> type.getSchema())
                .filter(Objects::nonNull)
                .forEach(schema -> reach(schema, found));
        return found;
    }

    private void reach(Schema from, Set<String> found) {
        each(from, schema -> {
            String to = schema.getRef();
            if (to != null && found.add(to.substring(REFERENCE.length()))) {
                reach(Objects.requireNonNull(schemas.get(to.substring(REFERENCE.length())), to), found);
            }
        });
    }

    /** The schema and those within it, up to the names of others. */
    private static void each(Schema schema, Consumer<Schema> action) {
        action.accept(schema);
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(part -> each(part, action));
        }
        if (schema.getItems() != null) {
            each(schema.getItems(), action);
        }
        if (schema.getAdditionalPropertiesSchema() != null) {
            each(schema.getAdditionalPropertiesSchema(), action);
        }
    }

    /** Here a pattern holds of a text from its beginning to its end; in JSON Schema, of any part of it. */
    static void anchor(Schema schema) {
        String pattern = schema.getPattern();
        if (pattern != null && pattern.matches(WORDS)) {
            schema.setPattern(null);
            schema.setEnumeration(List.of((Object[]) pattern.split("[|]")));
        } else if (pattern != null && !pattern.startsWith("^")) {
            schema.setPattern("^(?:" + pattern + ")$");
        }
    }

    /** @param always whether all parts are there, which holds of answers */
    private void complete(String name, Schema schema, boolean always) {
        var types = records.getOrDefault(name, Map.of()).values();
        if (schema.getProperties() == null) {
            return;
        }
        if (types.size() == 1) {
            for (var component : types.iterator().next().recordComponents()) {
                String property = snakeCase(component.name());
                Schema described = schema.getProperties().get(property);
                if (described == null) {
                    continue;
                }
                if (isHidden(component)) {
                    schema.removeProperty(property);
                    continue;
                }
                if (isNullable(component)) {
                    schema.addProperty(property, orNull(described));
                }
                if (always) {
                    schema.addRequired(property);
                }
            }
        } else if (always && types.isEmpty()) {
            // An envelope, of which there is one schema for each thing in it.
            schema.getProperties().keySet().forEach(schema::addRequired);
        }
    }

    /** Jackson does not write it, since {@link View} says so. */
    private static boolean isHidden(RecordComponentInfo component) {
        return component.name().equals("version")
                && component.declaringClass().interfaceNames().contains(VIEW);
    }

    private static boolean isNullable(RecordComponentInfo component) {
        return component.type().hasAnnotation(NULLABLE);
    }

    /** The same, or null. */
    static Schema orNull(Schema schema) {
        if (schema.getRef() != null || schema.getType() == null) {
            return OASFactory.createSchema()
                    .anyOf(List.of(schema, OASFactory.createSchema().type(List.of(SchemaType.NULL))));
        }
        if (!schema.getType().contains(SchemaType.NULL)) {
            schema.addType(SchemaType.NULL);
            if (schema.getEnumeration() != null) {
                var words = new ArrayList<>(schema.getEnumeration());
                words.add(null);
                schema.setEnumeration(words);
            }
        }
        return schema;
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
