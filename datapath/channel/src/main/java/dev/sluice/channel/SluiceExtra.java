package dev.sluice.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What the portal tells our own peers beside a payload, under the frame's key {@code sluice}.
 *
 * @param generation of the flow that the message is about: what carries an older one never undoes a newer one, within an
 *     epoch
 * @param detail why, typed
 * @param time of the portal's database when this was sent, in milliseconds since 1970: what a message says of times is
 *     meant by this clock, and not by the receiver's
 * @param epoch of the portal's database: another one means that it was restored, and that its generations began anew
 * @param sequence the number of this push on its connection, from 1 on without a gap
 */
public record SluiceExtra(
        @Nullable Long generation,
        @Nullable Detail detail,
        @Nullable Long time,
        @Nullable Long epoch,
        @Nullable Long sequence) {
    /** Nothing to say, to a peer that expects the key. */
    public static final SluiceExtra EMPTY = new SluiceExtra(null, null);

    /** Without what whoever sends it adds. */
    public SluiceExtra(@Nullable Long generation, @Nullable Detail detail) {
        this(generation, detail, null, null, null);
    }

    /** The same, sent then and in this place. */
    public SluiceExtra at(long millis, long inEpoch, long number) {
        return new SluiceExtra(generation, detail, millis, inEpoch, number);
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
        if (epoch != null) {
            json.put("epoch", epoch.longValue());
        }
        if (sequence != null) {
            json.put("sequence", sequence.longValue());
        }
        return json;
    }

    static @Nullable SluiceExtra fromJson(JsonNode json) {
        return json.isObject()
                ? new SluiceExtra(
                        number(json.path("generation")),
                        Detail.fromJson(json.path("detail")),
                        number(json.path("time")),
                        number(json.path("epoch")),
                        number(json.path("sequence")))
                : null;
    }

    private static @Nullable Long number(JsonNode json) {
        return json.canConvertToLong() && json.isIntegralNumber() ? json.longValue() : null;
    }
}
