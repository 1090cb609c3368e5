package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.datapath.client.Client;
import dev.sluice.datapath.client.ClientStatus;
import dev.sluice.datapath.client.Denial;
import dev.sluice.datapath.client.ResourceStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link Client} tells of itself. */
final class ClientReport implements DeviceReport {
    private final Client client;

    ClientReport(Client client) {
        this.client = client;
    }

    @Override
    public ObjectNode status(long now) {
        ClientStatus known = client.status();
        ObjectNode status = StatusJson.object().put("state", StatusJson.word(known.state()));
        StatusJson.tunnel(status, known.tunnel());
        ArrayNode resources = status.putArray("resources");
        known.resources().forEach(resource -> describe(resources.addObject(), resource));
        StatusJson.connections(status, "gateway_id", known.connections(), now);
        StatusJson.counters(status, known.packets(), known.connectionPackets());
        status.put("intents", known.intents()).put("reauthorizations", known.reauthorizations());
        if (known.lastGrantTook() != null) {
            status.put("last_grant_ms", known.lastGrantTook().toNanos() / 1e6);
        }
        denial(status, known.lastDenial(), true);
        return status.put("ignored_messages", known.ignoredMessages());
    }

    @Override
    public List<Metric> metrics() {
        ClientStatus known = client.status();
        List<Metric> metrics = new ArrayList<>(StatusJson.metrics("packets", known.packets()));
        metrics.addAll(StatusJson.metrics("connections", known.connectionPackets()));
        metrics.add(Metric.of("sluice_connections", known.connections().size()));
        metrics.add(Metric.of("sluice_resources", known.resources().size()));
        metrics.add(Metric.of("sluice_intents_total", known.intents()));
        metrics.add(Metric.of("sluice_reauthorizations_total", known.reauthorizations()));
        metrics.add(Metric.of("sluice_portal_messages_ignored_total", known.ignoredMessages()));
        return metrics;
    }

    private static void describe(ObjectNode node, ResourceStatus resource) {
        node.put("id", resource.id().toString())
                .put("name", resource.name())
                .put("address", resource.address())
                .put("type", resource.type())
                .put("state", StatusJson.word(resource.access()));
        if (resource.gatewayId() != null) {
            node.put("gateway_id", resource.gatewayId().toString());
        }
        denial(node, resource.lastDenial(), false);
    }

    private static void denial(ObjectNode node, @Nullable Denial denial, boolean named) {
        if (denial == null) {
            return;
        }
        ObjectNode described = node.putObject("last_denial");
        if (named) {
            described.put("resource_id", denial.resourceId().toString());
        }
        StatusJson.reason(described, denial.detail());
        described.put("at", denial.at().toString());
    }
}
