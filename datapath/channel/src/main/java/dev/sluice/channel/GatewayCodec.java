package dev.sluice.channel;

import static dev.sluice.channel.PeerJson.broadcast;
import static dev.sluice.channel.PeerJson.candidates;
import static dev.sluice.channel.PeerJson.iceCredentials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The messages of topic {@code gateway}, un-versioned names of 2025. Lenient as {@link ClientCodec} is. */
public final class GatewayCodec {
    private static final String RESOURCE_UPDATED = "resource_updated";
    private static final String DIGEST = "digest";

    private GatewayCodec() {}

    /** A push; the extra is for our own peers only. */
    public static Frame encode(PortalToGateway message, @Nullable SluiceExtra extra) {
        return switch (message) {
            case GatewayInit init -> push(Frame.INIT, init(init), extra);
            case AuthorizeFlow authorize -> push("authorize_flow", authorizeFlow(authorize), extra);
            case RejectAccess reject ->
                push(
                        "reject_access",
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("client_id", reject.clientId().toString())
                                .put("resource_id", reject.resourceId().toString()),
                        extra);
            case AccessAuthorizationExpiryUpdated updated ->
                push(
                        "access_authorization_expiry_updated",
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("client_id", updated.clientId().toString())
                                .put("resource_id", updated.resourceId().toString())
                                .put("expires_at", updated.expiresAt().getEpochSecond()),
                        extra);
            case ResourceUpdated updated -> push(RESOURCE_UPDATED, ResourceJson.forGateway(updated.resource()), extra);
            case ResourceUnreadable unreadable ->
                push(
                        RESOURCE_UPDATED,
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("id", unreadable.resourceId().toString()),
                        extra);
            case GrantDigest digest -> push(DIGEST, digest(digest), extra);
            case RelaysPresence presence -> push("relays_presence", PeerJson.relaysPresence(presence), extra);
            case IceCandidates added ->
                push("ice_candidates", candidates("client_id", added.peerId(), added.candidates()), extra);
            case InvalidateIceCandidates removed ->
                push(
                        "invalidate_ice_candidates",
                        candidates("client_id", removed.peerId(), removed.candidates()),
                        extra);
        };
    }

    public static Frame encode(GatewayToPortal message, long ref) {
        return switch (message) {
            case FlowAuthorized authorized ->
                new Frame(
                        Frame.GATEWAY,
                        "flow_authorized",
                        JsonNodeFactory.instance.objectNode().put("ref", authorized.ref()),
                        ref,
                        null);
            case BroadcastIceCandidates added ->
                new Frame(
                        Frame.GATEWAY,
                        "broadcast_ice_candidates",
                        broadcast("client_ids", added.peerIds(), added.candidates()),
                        ref,
                        null);
            case BroadcastInvalidatedIceCandidates removed ->
                new Frame(
                        Frame.GATEWAY,
                        "broadcast_invalidated_ice_candidates",
                        broadcast("client_ids", removed.peerIds(), removed.candidates()),
                        ref,
                        null);
            case SnapshotRequest request -> Frame.snapshot(Frame.GATEWAY, ref, request.reason());
        };
    }

    /** What a gateway makes of a push on its topic. */
    public static Decoded<PortalToGateway> decodePush(Frame frame) {
        var fields = new Fields(frame.payload());
        return switch (frame.event()) {
            case Frame.INIT -> Fields.decode(frame.event(), () -> readInit(fields));
            case "authorize_flow" -> Fields.decode(frame.event(), () -> readAuthorizeFlow(fields));
            case "reject_access" ->
                Fields.decode(frame.event(), () -> new RejectAccess(fields.id("client_id"), fields.id("resource_id")));
            case "access_authorization_expiry_updated" ->
                Fields.decode(
                        frame.event(),
                        () -> new AccessAuthorizationExpiryUpdated(
                                fields.id("client_id"), fields.id("resource_id"), fields.instant("expires_at")));
            case RESOURCE_UPDATED -> Fields.decode(frame.event(), () -> readUpdated(fields));
            case "relays_presence" -> Fields.decode(frame.event(), () -> PeerJson.readRelaysPresence(fields));
            case "ice_candidates" -> Fields.decode(frame.event(), () -> PeerJson.readCandidates(fields, "client_id"));
            case "invalidate_ice_candidates" ->
                Fields.decode(frame.event(), () -> PeerJson.readInvalidated(fields, "client_id"));
            case DIGEST ->
                Fields.decode(
                        frame.event(),
                        () -> new GrantDigest(fields.instant("after"), fields.number("count"), fields.text("digest")));
            default -> new Decoded.Unknown<>(frame.event());
        };
    }

    /** What the portal makes of a gateway's message. */
    public static Decoded<GatewayToPortal> decodeRequest(Frame frame) {
        var fields = new Fields(frame.payload());
        return switch (frame.event()) {
            case "flow_authorized" -> Fields.decode(frame.event(), () -> new FlowAuthorized(fields.text("ref")));
            case "broadcast_ice_candidates" ->
                Fields.decode(
                        frame.event(),
                        () -> new BroadcastIceCandidates(fields.ids("client_ids"), fields.texts("candidates")));
            case "broadcast_invalidated_ice_candidates" ->
                Fields.decode(
                        frame.event(),
                        () -> new BroadcastInvalidatedIceCandidates(
                                fields.ids("client_ids"), fields.texts("candidates")));
            case Frame.SNAPSHOT -> Fields.decode(frame.event(), fields::snapshotRequest);
            default -> new Decoded.Unknown<>(frame.event());
        };
    }

    private static ObjectNode digest(GrantDigest digest) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("after", digest.after().getEpochSecond())
                .put("count", digest.count())
                .put("digest", digest.digest());
    }

    private static Frame push(String event, JsonNode payload, @Nullable SluiceExtra extra) {
        return new Frame(Frame.GATEWAY, event, payload, null, extra);
    }

    private static ObjectNode init(GatewayInit init) {
        var json = JsonNodeFactory.instance.objectNode().put("account_slug", init.accountSlug());
        json.putObject("interface").put("ipv4", init.ipv4()).put("ipv6", init.ipv6());
        // Constant; peers of 2025 require the object.
        json.putObject("config").put("ipv4_masquerade_enabled", true).put("ipv6_masquerade_enabled", true);
        json.set("relays", PeerJson.relays(init.relays()));
        var authorizations = json.putArray("authorizations");
        for (var authorization : init.authorizations()) {
            authorizations
                    .addObject()
                    .put("client_id", authorization.clientId().toString())
                    .put("resource_id", authorization.resourceId().toString())
                    .put("expires_at", authorization.expiresAt().getEpochSecond());
        }
        return json;
    }

    private static PortalToGateway readUpdated(Fields fields) {
        var id = fields.id("id");
        try {
            return new ResourceUpdated(ResourceJson.read(fields));
        } catch (Fields.Missing unreadable) {
            return new ResourceUnreadable(id);
        }
    }

    private static GatewayInit readInit(Fields fields) {
        var tunnel = fields.object("interface");
        return new GatewayInit(
                Objects.requireNonNullElse(fields.optionalText("account_slug"), ""),
                tunnel.text("ipv4"),
                tunnel.text("ipv6"),
                PeerJson.readRelays(fields, "relays"),
                fields.list(
                        "authorizations",
                        authorization -> new GatewayInit.Authorization(
                                authorization.id("client_id"),
                                authorization.id("resource_id"),
                                authorization.instant("expires_at"))));
    }

    private static ObjectNode authorizeFlow(AuthorizeFlow authorize) {
        var json = JsonNodeFactory.instance.objectNode().put("ref", authorize.ref());
        var expiresAt = authorize.expiresAt();
        json.put("expires_at", expiresAt == null ? null : (Long) expiresAt.getEpochSecond());
        json.set("resource", ResourceJson.forGateway(authorize.resource()));
        json.putObject("client")
                .put("id", authorize.client().id().toString())
                .put("public_key", authorize.client().publicKey())
                .put("preshared_key", authorize.client().presharedKey().value())
                .put("ipv4", authorize.client().ipv4())
                .put("ipv6", authorize.client().ipv6());
        json.set("client_ice_credentials", iceCredentials(authorize.clientIce()));
        json.set("gateway_ice_credentials", iceCredentials(authorize.gatewayIce()));
        return json;
    }

    private static AuthorizeFlow readAuthorizeFlow(Fields fields) {
        var client = fields.object("client");
        return new AuthorizeFlow(
                fields.text("ref"),
                fields.optionalInstant("expires_at"),
                ResourceJson.read(fields.object("resource")),
                new AuthorizeFlow.GrantedClient(
                        client.id("id"),
                        client.text("public_key"),
                        client.secret("preshared_key"),
                        client.text("ipv4"),
                        client.text("ipv6")),
                fields.iceCredentials("client_ice_credentials"),
                fields.iceCredentials("gateway_ice_credentials"));
    }
}
