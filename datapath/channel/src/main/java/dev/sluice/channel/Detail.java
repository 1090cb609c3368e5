package dev.sluice.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A typed reason with what it is about.
 *
 * @param properties with {@link Reason#CONDITION} the violated properties, in the order of the policy; else empty
 */
public record Detail(Reason reason, List<String> properties) {
    public Detail {
        properties = List.copyOf(properties);
    }

    public static Detail of(Reason reason) {
        return new Detail(reason, List.of());
    }

    /** {@code {"code":"condition","properties":["remote_ip"]}}; the list only where there is one. */
    public ObjectNode toJson() {
        var json = JsonNodeFactory.instance.objectNode().put("code", reason.code());
        if (!properties.isEmpty()) {
            var list = json.putArray("properties");
            properties.forEach(list::add);
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
        return new Detail(reason.get(), properties);
    }
}
