package dev.sluice.channel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Text of a WebSocket frame to {@link Frame} and back. */
public final class FrameCodec {
    /** A frame longer than this is malformed: a snapshot of 10,000 resources has 4 MiB. */
    public static final int MAX_FRAME_LENGTH = 16 * 1024 * 1024;

    private static final int MAX_NESTING = 32;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .maxDocumentLength(MAX_FRAME_LENGTH)
                            .build())
                    .build())
            .build();

    private FrameCodec() {}

    /**
     * The frame as one JSON object with the keys topic, event, payload and ref, in this order, and {@code sluice} only
     * if there is something to say in it.
     */
    public static String encode(Frame frame) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("topic", frame.topic());
        json.put("event", frame.event());
        json.set("payload", frame.payload());
        json.put("ref", frame.ref());
        if (frame.sluice() != null) {
            json.set("sluice", frame.sluice().toJson());
        }
        return json.toString();
    }

    /** The frame in this text; empty if it is not JSON or lacks a topic or an event. */
    public static Optional<Frame> decode(String text) {
        JsonNode json;
        try {
            json = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        if (!json.isObject()
                || !json.path("topic").isTextual()
                || !json.path("event").isTextual()) {
            return Optional.empty();
        }
        JsonNode payload = json.path("payload");
        return Optional.of(new Frame(
                json.path("topic").textValue(),
                json.path("event").textValue(),
                payload.isMissingNode() ? NullNode.getInstance() : payload,
                ref(json.path("ref")),
                SluiceExtra.fromJson(json.path("sluice"))));
    }

    private static @Nullable Long ref(JsonNode json) {
        return json.canConvertToLong() && json.isIntegralNumber() ? json.longValue() : null;
    }
}
