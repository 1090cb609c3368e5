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
 * @param time of the portal's database when this was sent, in milliseconds since 1970: what a message says of times is
 *     meant by this clock, and not by the receiver's
 */
public record SluiceExtra(
        @Nullable Long generation,
        @Nullable Detail detail,
        @Nullable Long time) {
    /** Nothing to say, to a peer that expects the key. */
    public static final SluiceExtra EMPTY = new SluiceExtra(null, null);

    /** Without a time, which whoever sends it adds. */
    public SluiceExtra(@Nullable Long generation, @Nullable Detail detail) {
        this(generation, detail, null);
    }

    /** The same, sent at this time. */
    public SluiceExtra at(long millis) {
        return new SluiceExtra(generation, detail, millis);
    }

    ObjectNode toJson() {
        var json = JsonNodeFactory.instance.objectNode();
        if (generation != null) {
            json.put("generation", generation.longValue());
        }
        if (detail != null) {
            json.set("detail", detail.toJson());
        }
        if (time != null) {
            json.put("time", time.longValue());
        }
        return json;
    }

    static @Nullable SluiceExtra fromJson(JsonNode json) {
        if (!json.isObject()) {
            return null;
        }
        var generation = json.path("generation");
        var time = json.path("time");
        return new SluiceExtra(
                generation.isIntegralNumber() ? generation.longValue() : null,
                Detail.fromJson(json.path("detail")),
                time.canConvertToLong() && time.isIntegralNumber() ? time.longValue() : null);
    }
}
