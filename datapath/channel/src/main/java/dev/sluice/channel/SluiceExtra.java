package dev.sluice.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What the portal tells our own peers beside a payload, under the frame's key {@code sluice}.
 *
 * @param generation of the flow that the message is about: what carries an older one never undoes a newer one
 * @param detail why, typed
 */
public record SluiceExtra(
        @Nullable Long generation, @Nullable Detail detail) {
    /** Nothing to say, to a peer that expects the key. */
    public static final SluiceExtra EMPTY = new SluiceExtra(null, null);

    ObjectNode toJson() {
        var json = JsonNodeFactory.instance.objectNode();
        if (generation != null) {
            json.put("generation", generation.longValue());
        }
        if (detail != null) {
            json.set("detail", detail.toJson());
        }
        return json;
    }

    static @Nullable SluiceExtra fromJson(JsonNode json) {
        if (!json.isObject()) {
            return null;
        }
        var generation = json.path("generation");
        return new SluiceExtra(
                generation.isIntegralNumber() ? generation.longValue() : null, Detail.fromJson(json.path("detail")));
    }
}
