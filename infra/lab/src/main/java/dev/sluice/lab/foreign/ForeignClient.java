package dev.sluice.lab.foreign;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.peer.WireIdentity;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A client that asks for whatever it has ever been offered, at random, or for one resource alone. */
final class ForeignClient extends ForeignDevice {
    private final @Nullable String only;
    private final RandomGenerator random;
    private final List<String> resources = new ArrayList<>();
    private long answers;

    ForeignClient(
            EventLoop loop, List<URI> portals, WireIdentity identity, @Nullable String only, RandomGenerator random) {
        super(loop, portals, identity, random);
        this.only = only;
        this.random = random;
    }

    void ask() {
        if (!resources.isEmpty()) {
            String resource = resources.get(random.nextInt(resources.size()));
            send("create_flow", "{\"resource_id\":\"" + resource + "\",\"connected_gateway_ids\":[]}");
        }
    }

    /** How often it was granted something. */
    long answers() {
        return answers;
    }

    @Override
    void received(String event, JsonNode payload) {
        switch (event) {
            case "init" -> payload.path("resources").forEach(this::offered);
            case "resource_created_or_updated" -> offered(payload);
            case "flow_created" -> answers++;
            default -> {
                // A refusal is an answer too, and what is withdrawn is asked for all the same.
            }
        }
    }

    private void offered(JsonNode resource) {
        String id = resource.path("id").asText();
        if (!resources.contains(id) && (only == null || only.equals(id))) {
            resources.add(id);
        }
    }
}
