package dev.sluice.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A typed reason with what it is about.
 *
 * @param properties with {@link Reason#CONDITION} the violated properties, in the order of the policy; else empty
 * @param seen by violated property, what the portal has seen of the client and held against the condition; what it does not
 *     know is absent
 */
public record Detail(Reason reason, List<String> properties, Map<String, String> seen) {
    public Detail {
        properties = List.copyOf(properties);
        seen = Map.copyOf(seen);
    }

    public Detail(Reason reason, List<String> properties) {
        this(reason, properties, Map.of());
    }

    public static Detail of(Reason reason) {
        return new Detail(reason, List.of());
    }

    /**
     * {@code {"code":"condition","properties":["remote_ip"],"seen":{"remote_ip":"203.0.113.9"}}}; the list, and what was
     * seen, only where there is one.
     */
    public ObjectNode toJson() {
        var json = JsonNodeFactory.instance.objectNode().put("code", reason.code());
        if (!properties.isEmpty()) {
            var list = json.putArray("properties");
            properties.forEach(list::add);
        }
        if (!seen.isEmpty()) {
            var values = json.putObject("seen");
            new TreeMap<>(seen).forEach(values::put);
        }
        return json;
    }

    /** The detail in this JSON, or null if it has none that this version knows. */
    public static @Nullable Detail fromJson(JsonNode json) {
        var reason = Reason.of(json.path("code").asText(""));
        if (reason.isEmpty()) {
            return null;
        }
        var properties = new ArrayList<String>();
        for (var property : json.path("properties")) {
            if (property.isTextual()) {
                properties.add(property.textValue());
            }
        }
        return new Detail(reason.get(), properties, seen(json.path("seen")));
    }

    private static Map<String, String> seen(JsonNode json) {
        var seen = new HashMap<String, String>();
        for (var value : json.properties()) {
            if (value.getValue().isTextual()) {
                seen.put(value.getKey(), value.getValue().textValue());
            }
        }
        return seen;
    }

    /** Without what was seen, which is the client's own affair and in no log. */
    @Override
    public String toString() {
        return reason.code() + properties;
    }
}
