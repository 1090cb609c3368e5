package dev.sluice.channel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;

/** What clients and gateways are told in the same words: relays, candidates, credentials. */
final class PeerJson {
    private PeerJson() {}

    static ObjectNode candidates(String peerField, UUID peer, List<String> candidates) {
        var json = JsonNodeFactory.instance.objectNode().put(peerField, peer.toString());
        json.set("candidates", texts(candidates));
        return json;
    }

    static ObjectNode broadcast(String peersField, List<UUID> peers, List<String> candidates) {
        var json = JsonNodeFactory.instance.objectNode();
        json.set(peersField, ids(peers));
        json.set("candidates", texts(candidates));
        return json;
    }

    static IceCandidates readCandidates(Fields fields, String peerField) {
        return new IceCandidates(fields.id(peerField), fields.texts("candidates"));
    }

    static InvalidateIceCandidates readInvalidated(Fields fields, String peerField) {
        return new InvalidateIceCandidates(fields.id(peerField), fields.texts("candidates"));
    }

    static ArrayNode relays(List<Relay> relays) {
        var array = JsonNodeFactory.instance.arrayNode();
        for (var relay : relays) {
            array.addObject()
                    .put("id", relay.id().toString())
                    .put("type", "turn")
                    .put("addr", relay.address())
                    .put("username", relay.username())
                    .put("password", relay.password().value())
                    .put("expires_at", relay.expiresAt().getEpochSecond());
        }
        return array;
    }

    /** The TURN relays; other types are skipped. */
    static List<Relay> readRelays(Fields fields, String name) {
        return fields.list(name, relay -> {
            if (!relay.text("type").equals("turn")) {
                throw new Fields.Missing("type");
            }
            return new Relay(
                    relay.id("id"),
                    relay.text("addr"),
                    relay.text("username"),
                    relay.secret("password"),
                    relay.instant("expires_at"));
        });
    }

    static ObjectNode relaysPresence(RelaysPresence presence) {
        var json = JsonNodeFactory.instance.objectNode();
        json.set("disconnected_ids", ids(presence.disconnectedIds()));
        json.set("connected", relays(presence.connected()));
        return json;
    }

    static RelaysPresence readRelaysPresence(Fields fields) {
        return new RelaysPresence(fields.ids("disconnected_ids"), readRelays(fields, "connected"));
    }

    static ObjectNode iceCredentials(IceCredentials credentials) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("username", credentials.username())
                .put("password", credentials.password().value());
    }

    static ArrayNode ids(List<UUID> ids) {
        return texts(ids.stream().map(UUID::toString).toList());
    }

    static ArrayNode texts(List<String> texts) {
        var array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array;
    }
}
