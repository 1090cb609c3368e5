package dev.sluice.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * The names by which a peer calls things. What is inside of them is the same, and so the portal knows one set, that of 2025.
 *
 * <p>Peers that came between the two, in 2026, use the older names with some of the newer messages: those are understood on
 * either path.
 */
public enum Dialect {
    /** Paths without a version: names of 2025. */
    V1(Map.of(), Map.of()),
    /** Paths with {@code v2}: names since 2026-07-15. */
    V2(
            Map.of(
                    new Name(Frame.CLIENT, "flow_created"), "authorization_created",
                    new Name(Frame.CLIENT, "flow_creation_failed"), "authorization_creation_failed",
                    new Name(Frame.GATEWAY, "authorize_flow"), "create_authorization"),
            Map.of(
                    new Name(Frame.CLIENT, "request_authorization"), "create_flow",
                    new Name(Frame.GATEWAY, "authorization_created"), "flow_authorized"));

    private record Name(String topic, String event) {}

    private final Map<Name, String> told;
    private final Map<Name, String> heard;

    Dialect(Map<Name, String> told, Map<Name, String> heard) {
        this.told = told;
        this.heard = heard;
    }

    /** What the portal says, as the peer calls it. */
    public Frame toPeer(Frame frame) {
        return renamed(frame, told.getOrDefault(new Name(frame.topic(), frame.event()), frame.event()));
    }

    /** What the peer says, as the portal calls it. */
    public Frame fromPeer(Frame frame) {
        return switch (frame.event()) {
            case "new_gateway_ice_candidates" -> broadcast(frame, "broadcast_ice_candidates");
            case "invalidate_gateway_ice_candidates" -> broadcast(frame, "broadcast_invalidated_ice_candidates");
            default -> renamed(frame, heard.getOrDefault(new Name(frame.topic(), frame.event()), frame.event()));
        };
    }

    /** Since 2026-03 a client names one gateway. */
    private static Frame broadcast(Frame frame, String event) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        JsonNode gateway = frame.payload().path("gateway_id");
        json.putArray("gateway_ids").add(gateway);
        json.set("candidates", frame.payload().path("candidates"));
        return new Frame(frame.topic(), event, json, frame.ref(), frame.sluice());
    }

    private static Frame renamed(Frame frame, String event) {
        return event.equals(frame.event())
                ? frame
                : new Frame(frame.topic(), event, frame.payload(), frame.ref(), frame.sluice());
    }
}
