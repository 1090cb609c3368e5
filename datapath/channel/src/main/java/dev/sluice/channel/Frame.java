package dev.sluice.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import org.jspecify.annotations.Nullable;

/**
 * One text frame of a device's WebSocket: the envelope of Phoenix channels, serializer V1.
 *
 * @param topic what the frame is about: {@link #CLIENT}, {@link #GATEWAY} or {@link #PHOENIX}
 * @param event what happened, for instance {@code create_flow}
 * @param payload the message; JSON null where the wire has {@code null}
 * @param ref the sender's number of a request, echoed by its reply; null in a push
 * @param sluice what only our own peers are told beside the payload; null to all others
 */
public record Frame(
        String topic,
        String event,
        JsonNode payload,
        @Nullable Long ref,
        @Nullable SluiceExtra sluice) {
    public static final String CLIENT = "client";
    public static final String GATEWAY = "gateway";
    /** The topic of heartbeats. */
    public static final String PHOENIX = "phoenix";

    public static final String JOIN = "phx_join";
    public static final String REPLY = "phx_reply";
    /** The server ended the channel in order: the peer joins again. */
    public static final String CLOSE = "phx_close";
    /** The channel broke on the server: the peer does nothing. */
    public static final String ERROR = "phx_error";

    public static final String HEARTBEAT = "heartbeat";
    /** The peer's token is no longer valid. */
    public static final String DISCONNECT = "disconnect";

    /** The snapshot: all that the device is told that holds now. */
    public static final String INIT = "init";
    /** A device of ours asks for {@link #INIT}. */
    public static final String SNAPSHOT = "snapshot";
    /** Why it asks: a push is missing. */
    public static final String GAP = "gap";
    /** Why it asks: the portal's database was restored. */
    public static final String NEW_EPOCH = "epoch";
    /** Why it asks: the sum of what it was told is not the portal's. */
    public static final String DRIFT = "digest";

    /** Reasons of an error reply that peers know. */
    public static final String UNMATCHED_TOPIC = "unmatched topic";

    public static final String UNKNOWN_MESSAGE = "unknown_message";
    public static final String INVALID_REF = "invalid_ref";
    /** Reason of {@link #DISCONNECT}. */
    public static final String TOKEN_EXPIRED = "token_expired";

    /** Why the portal closes a socket that gives way to a later one of the same device (RFC 6455 §7.1.6). */
    public static final String REPLACED = "another connection of this device";

    /** The request to join a topic; its payload is JSON null. */
    public static Frame join(String topic, long ref) {
        return new Frame(topic, JOIN, NullNode.getInstance(), ref, null);
    }

    public static Frame heartbeat(long ref) {
        return new Frame(PHOENIX, HEARTBEAT, JsonNodeFactory.instance.objectNode(), ref, null);
    }

    /** The request for {@link #INIT}. */
    public static Frame snapshot(String topic, long ref, String reason) {
        return new Frame(topic, SNAPSHOT, JsonNodeFactory.instance.objectNode().put("reason", reason), ref, null);
    }

    /** The positive reply; its {@code response} is exactly {@code {}}, since peers stall on anything else. */
    public static Frame ok(String topic, @Nullable Long ref) {
        var payload = JsonNodeFactory.instance.objectNode().put("status", "ok");
        payload.putObject("response");
        return new Frame(topic, REPLY, payload, ref, null);
    }

    public static Frame error(String topic, @Nullable Long ref, String reason) {
        var payload = JsonNodeFactory.instance.objectNode().put("status", "error");
        payload.putObject("response").put("reason", reason);
        return new Frame(topic, REPLY, payload, ref, null);
    }

    /** Tells a peer that its token ended. */
    public static Frame disconnect(String topic) {
        return new Frame(
                topic, DISCONNECT, JsonNodeFactory.instance.objectNode().put("reason", TOKEN_EXPIRED), null, null);
    }

    /** Tells a peer to join again. */
    public static Frame close(String topic) {
        return new Frame(topic, CLOSE, JsonNodeFactory.instance.objectNode(), null, null);
    }

    public Frame with(@Nullable SluiceExtra extra) {
        return new Frame(topic, event, payload, ref, extra);
    }

    public boolean isReply() {
        return event.equals(REPLY);
    }

    /** Whether this is a reply that says {@code ok}. */
    public boolean isOk() {
        return isReply() && payload.path("status").asText().equals("ok");
    }

    /** The reason of an error reply or of a {@link #DISCONNECT}; empty text if it has none. */
    public String reason() {
        var holder = isReply() ? payload.path("response") : payload;
        return holder.path("reason").asText("");
    }
}
