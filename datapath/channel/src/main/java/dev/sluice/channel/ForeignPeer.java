package dev.sluice.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;

/**
 * What peers that are not ours are told beside what ours need: the fields that any generation of them requires. Those that
 * do not know one pass it over.
 */
public final class ForeignPeer {
    /** Flow logs are off: peers must be told where they would go all the same. */
    private static final String NOWHERE = "https://flow-logs.invalid/";

    private ForeignPeer() {}

    /** A push with the fields that need no more than itself. */
    public static Frame complete(Frame frame) {
        return switch (frame.event()) {
            case Frame.INIT -> {
                var json = copy(frame);
                json.putObject("flow_logs")
                        .put("api_url", NOWHERE)
                        .put("upload_interval_secs", 0)
                        .put("upload_batch_size", 1);
                if (frame.topic().equals(Frame.CLIENT)) {
                    // Of other clients to this one; there are none.
                    json.putArray("authorizations");
                    resolvers(json);
                }
                yield with(frame, json);
            }
            case "config_changed" -> {
                var json = copy(frame);
                resolvers(json);
                yield with(frame, json);
            }
            default -> frame;
        };
    }

    /** A push that grants a flow, with the token by which its logs would be taken. */
    public static Frame granting(Frame frame, String ingestToken) {
        return with(frame, copy(frame).put("use_iceless", false).put("flow_logs_ingest_token", ingestToken));
    }

    /** The answer to a client's question for a name in a pool of devices: there are no such pools. */
    public static Frame unresolved(Frame question) {
        var json = JsonNodeFactory.instance.objectNode();
        json.set("resource_id", question.payload().path("resource_id"));
        json.set("domain", question.payload().path("domain"));
        return new Frame(question.topic(), "device_pool_domain_resolution_failed", json, null, null);
    }

    /** The answer to a peer that has no relays: those that there are, and none to give up. */
    public static Frame relays(String topic, List<Relay> relays) {
        return new Frame(
                topic,
                "relays_presence",
                PeerJson.relaysPresence(new RelaysPresence(List.<UUID>of(), relays)),
                null,
                null);
    }

    /** Since 2025-11 resolvers are objects, under another name. */
    private static void resolvers(ObjectNode json) {
        if (json.path("interface") instanceof ObjectNode tunnel) {
            var before = tunnel.path("upstream_dns");
            var after = tunnel.deepCopy();
            var list = after.putArray("upstream_do53");
            for (JsonNode resolver : before) {
                list.addObject().put("ip", host(resolver.path("address").asText()));
            }
            json.set("interface", after);
        }
    }

    /** Of an address with a port, in brackets if it is one of IPv6. */
    private static String host(String address) {
        int end = address.lastIndexOf(':');
        String host = end < 0 || address.indexOf(':') != end && !address.startsWith("[")
                ? address
                : address.substring(0, end);
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static ObjectNode copy(Frame frame) {
        return JsonNodeFactory.instance.objectNode().setAll((ObjectNode) frame.payload());
    }

    private static Frame with(Frame frame, JsonNode payload) {
        return new Frame(frame.topic(), frame.event(), payload, frame.ref(), frame.sluice());
    }
}
