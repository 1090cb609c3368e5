package dev.sluice.lab.foreign;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.peer.WireIdentity;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A gateway that confirms at once and believes what it is told, as those of 2025 do: of a client that a join's state leaves
 * out it keeps everything, so that only {@code reject_access} takes that away. One of Sluice's make keeps nothing that the
 * state leaves out, and takes nothing from it.
 */
final class ForeignGateway extends ForeignDevice {
    private final Map<String, Set<String>> resourcesByClient = new HashMap<>();
    private long grants;
    private long ends;

    ForeignGateway(EventLoop loop, List<URI> portals, WireIdentity identity, RandomGenerator random) {
        super(loop, portals, identity, random);
    }

    /** What it lets through. */
    Stream<Access> held() {
        return resourcesByClient.entrySet().stream()
                .flatMap(client -> client.getValue().stream()
                        .map(resource -> new Access(externalId(), client.getKey(), resource)));
    }

    long grants() {
        return grants;
    }

    long ends() {
        return ends;
    }

    @Override
    void forget() {
        resourcesByClient.clear();
    }

    @Override
    void received(String event, JsonNode payload) {
        switch (event) {
            case "init" -> {
                Map<String, Set<String>> told = new HashMap<>();
                for (JsonNode access : payload.path("authorizations")) {
                    told.computeIfAbsent(access.path("client_id").asText(), client -> new HashSet<>())
                            .add(access.path("resource_id").asText());
                }
                if (isOurs()) {
                    resourcesByClient.forEach(
                            (client, resources) -> resources.retainAll(told.getOrDefault(client, Set.of())));
                } else {
                    resourcesByClient.putAll(told);
                }
            }
            case "authorize_flow" -> {
                grants++;
                resourcesByClient
                        .computeIfAbsent(payload.at("/client/id").asText(), client -> new HashSet<>())
                        .add(payload.at("/resource/id").asText());
                send("flow_authorized", "{\"ref\":\"" + payload.path("ref").asText() + "\"}");
            }
            case "reject_access" -> {
                ends++;
                resourcesByClient
                        .getOrDefault(payload.path("client_id").asText(), new HashSet<>())
                        .remove(payload.path("resource_id").asText());
            }
            default -> {
                // Relays, candidates and the like change nothing of what it lets through.
            }
        }
    }
}
