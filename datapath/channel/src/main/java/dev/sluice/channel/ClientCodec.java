package dev.sluice.channel;

import static dev.sluice.channel.PeerJson.broadcast;
import static dev.sluice.channel.PeerJson.candidates;
import static dev.sluice.channel.PeerJson.iceCredentials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.jspecify.annotations.Nullable;

/**
 * The messages of topic {@code client}, un-versioned names of 2025. Decoding is lenient: unknown fields are ignored, and
 * a resource, relay or candidate that cannot be read is left out by itself.
 */
public final class ClientCodec {
    private ClientCodec() {}

    /** A push; the extra is for our own peers only. */
    public static Frame encode(PortalToClient message, @Nullable SluiceExtra extra) {
        var nodes = JsonNodeFactory.instance;
        return switch (message) {
            case ClientInit init -> {
                var json = nodes.objectNode();
                json.set("interface", tunnel(init.tunnel()));
                var resources = json.putArray("resources");
                init.resources().forEach(resource -> resources.add(ResourceJson.forClient(resource)));
                json.set("relays", PeerJson.relays(init.relays()));
                yield push(Frame.INIT, json, extra);
            }
            case ConfigChanged config -> {
                var json = nodes.objectNode();
                json.set("interface", tunnel(config.tunnel()));
                yield push("config_changed", json, extra);
            }
            case ResourceCreatedOrUpdated updated ->
                push("resource_created_or_updated", ResourceJson.forClient(updated.resource()), extra);
            case ResourceDeleted deleted ->
                push("resource_deleted", TextNode.valueOf(deleted.resourceId().toString()), extra);
            case RelaysPresence presence -> push("relays_presence", PeerJson.relaysPresence(presence), extra);
            case IceCandidates added ->
                push("ice_candidates", candidates("gateway_id", added.peerId(), added.candidates()), extra);
            case InvalidateIceCandidates removed ->
                push(
                        "invalidate_ice_candidates",
                        candidates("gateway_id", removed.peerId(), removed.candidates()),
                        extra);
            case FlowCreated created -> push("flow_created", flowCreated(created), extra);
            case FlowCreationFailed failed -> {
                var json = nodes.objectNode()
                        .put("resource_id", failed.resourceId().toString())
                        .put("reason", failed.reason().wire());
                if (failed.reason() == FlowFailure.FORBIDDEN) {
                    json.set("violated_properties", PeerJson.texts(failed.violatedProperties()));
                }
                yield push("flow_creation_failed", json, extra);
            }
        };
    }

    public static Frame encode(ClientToPortal message, long ref) {
        return switch (message) {
            case CreateFlow create -> {
                var json = JsonNodeFactory.instance
                        .objectNode()
                        .put("resource_id", create.resourceId().toString());
                json.set("connected_gateway_ids", PeerJson.ids(create.connectedGatewayIds()));
                yield new Frame(Frame.CLIENT, "create_flow", json, ref, null);
            }
            case BroadcastIceCandidates added ->
                new Frame(
                        Frame.CLIENT,
                        "broadcast_ice_candidates",
                        broadcast("gateway_ids", added.peerIds(), added.candidates()),
                        ref,
                        null);
            case BroadcastInvalidatedIceCandidates removed ->
                new Frame(
                        Frame.CLIENT,
                        "broadcast_invalidated_ice_candidates",
                        broadcast("gateway_ids", removed.peerIds(), removed.candidates()),
                        ref,
                        null);
            case SnapshotRequest request -> Frame.snapshot(Frame.CLIENT, ref, request.reason());
        };
    }

    /** What a client makes of a push on its topic. */
    public static Decoded<PortalToClient> decodePush(Frame frame) {
        var fields = new Fields(frame.payload());
        return switch (frame.event()) {
            case Frame.INIT ->
                Fields.decode(
                        frame.event(),
                        () -> new ClientInit(
                                readTunnel(fields.object("interface")),
                                fields.list("resources", ResourceJson::read),
                                PeerJson.readRelays(fields, "relays")));
            case "config_changed" ->
                Fields.decode(frame.event(), () -> new ConfigChanged(readTunnel(fields.object("interface"))));
            case "resource_created_or_updated" ->
                Fields.decode(frame.event(), () -> new ResourceCreatedOrUpdated(ResourceJson.read(fields)));
            case "resource_deleted" ->
                Fields.decode(frame.event(), () -> new ResourceDeleted(Fields.id(frame.payload(), "payload")));
            case "relays_presence" -> Fields.decode(frame.event(), () -> PeerJson.readRelaysPresence(fields));
            case "ice_candidates" -> Fields.decode(frame.event(), () -> PeerJson.readCandidates(fields, "gateway_id"));
            case "invalidate_ice_candidates" ->
                Fields.decode(frame.event(), () -> PeerJson.readInvalidated(fields, "gateway_id"));
            case "flow_created" -> Fields.decode(frame.event(), () -> readFlowCreated(fields));
            case "flow_creation_failed" ->
                Fields.decode(
                        frame.event(),
                        () -> new FlowCreationFailed(
                                fields.id("resource_id"),
                                FlowFailure.of(fields.text("reason")),
                                fields.texts("violated_properties")));
            default -> new Decoded.Unknown<>(frame.event());
        };
    }

    /** What the portal makes of a client's message. */
    public static Decoded<ClientToPortal> decodeRequest(Frame frame) {
        var fields = new Fields(frame.payload());
        return switch (frame.event()) {
            case "create_flow" ->
                Fields.decode(
                        frame.event(),
                        () -> new CreateFlow(fields.id("resource_id"), fields.ids("connected_gateway_ids")));
            case "broadcast_ice_candidates" ->
                Fields.decode(
                        frame.event(),
                        () -> new BroadcastIceCandidates(fields.ids("gateway_ids"), fields.texts("candidates")));
            case "broadcast_invalidated_ice_candidates" ->
                Fields.decode(
                        frame.event(),
                        () -> new BroadcastInvalidatedIceCandidates(
                                fields.ids("gateway_ids"), fields.texts("candidates")));
            case Frame.SNAPSHOT -> Fields.decode(frame.event(), fields::snapshotRequest);
            default -> new Decoded.Unknown<>(frame.event());
        };
    }

    private static Frame push(String event, JsonNode payload, @Nullable SluiceExtra extra) {
        return new Frame(Frame.CLIENT, event, payload, null, extra);
    }

    private static ObjectNode tunnel(ClientInterface tunnel) {
        var json =
                JsonNodeFactory.instance.objectNode().put("ipv4", tunnel.ipv4()).put("ipv6", tunnel.ipv6());
        json.set(
                "search_domain",
                tunnel.searchDomain() == null ? NullNode.getInstance() : TextNode.valueOf(tunnel.searchDomain()));
        var servers = json.putArray("upstream_dns");
        for (var address : tunnel.upstreamDns()) {
            servers.addObject().put("protocol", "ip_port").put("address", address);
        }
        return json;
    }

    private static ClientInterface readTunnel(Fields fields) {
        return new ClientInterface(
                fields.text("ipv4"),
                fields.text("ipv6"),
                fields.optionalText("search_domain"),
                fields.list("upstream_dns", server -> server.text("address")));
    }

    private static ObjectNode flowCreated(FlowCreated created) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("resource_id", created.resourceId().toString())
                .put("gateway_id", created.gatewayId().toString())
                .put("gateway_group_id", created.siteId().toString())
                .put("gateway_public_key", created.gatewayPublicKey())
                .put("gateway_ipv4", created.gatewayIpv4())
                .put("gateway_ipv6", created.gatewayIpv6())
                .put("preshared_key", created.presharedKey().value());
        json.set("client_ice_credentials", iceCredentials(created.clientIce()));
        json.set("gateway_ice_credentials", iceCredentials(created.gatewayIce()));
        return json;
    }

    private static FlowCreated readFlowCreated(Fields fields) {
        return new FlowCreated(
                fields.id("resource_id"),
                fields.id("gateway_id"),
                fields.id("gateway_group_id"),
                fields.text("gateway_public_key"),
                fields.text("gateway_ipv4"),
                fields.text("gateway_ipv6"),
                fields.secret("preshared_key"),
                fields.iceCredentials("client_ice_credentials"),
                fields.iceCredentials("gateway_ice_credentials"));
    }
}
