package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.datapath.gateway.Gateway;
import dev.sluice.datapath.gateway.GatewayStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a {@link Gateway} tells of itself. */
final class GatewayReport implements DeviceReport {
    private static final double SECOND = 1e9;

    private final Gateway gateway;
    private final SilentResources silent;

    GatewayReport(Gateway gateway, SilentResources silent) {
        this.gateway = gateway;
        this.silent = silent;
    }

    @Override
    public ObjectNode status(long now) {
        GatewayStatus known = gateway.status();
        ObjectNode status = StatusJson.object().put("state", StatusJson.word(known.state()));
        StatusJson.tunnel(status, known.tunnel());
        ArrayNode clients = status.putArray("clients");
        for (GatewayStatus.ClientStatus client : known.clients()) {
            ObjectNode node = clients.addObject()
                    .put("id", client.id().toString())
                    .put("ipv4", client.ipv4())
                    .put("ipv6", client.ipv6())
                    .put("connected", client.connected());
            ArrayNode grants = node.putArray("grants");
            client.grants().forEach(grant -> {
                Instant expires = grant.expiresAt();
                grants.addObject()
                        .put("resource_id", grant.resource().toString())
                        .put("expires_at", expires == null ? null : expires.toString())
                        .put("passes", grant.filter().toString())
                        .put("generation", grant.generation());
            });
        }
        ArrayNode traffic = status.putArray("traffic");
        for (GatewayStatus.TrafficStatus passed : known.traffic()) {
            ObjectNode node = traffic.addObject()
                    .put("resource_id", passed.resource().toString())
                    .put("sent", passed.sent())
                    .put("answered", passed.answered());
            GatewayStatus.Unanswered unanswered = passed.unanswered();
            if (unanswered != null) {
                node.put("unanswered_seconds", unanswered.silence() / SECOND);
            }
            silent.finding(passed.resource()).ifPresent(finding -> node.put("finding", finding));
        }
        StatusJson.connections(status, "client_id", known.connections(), now);
        StatusJson.counters(status, known.packets(), known.connectionPackets());
        return status.put("suppressed_errors", known.suppressedErrors())
                .put("ignored_messages", known.ignoredMessages())
                .put("digests", known.digests())
                .put("drifts", known.drifts())
                .put("partitions", known.partitions());
    }

    @Override
    public List<Metric> metrics() {
        GatewayStatus known = gateway.status();
        List<Metric> metrics = new ArrayList<>(StatusJson.metrics("packets", known.packets()));
        metrics.addAll(StatusJson.metrics("connections", known.connectionPackets()));
        metrics.add(Metric.of("sluice_connections", known.connections().size()));
        metrics.add(Metric.of("sluice_clients", known.clients().size()));
        metrics.add(Metric.of(
                "sluice_grants",
                known.clients().stream()
                        .mapToInt(client -> client.grants().size())
                        .sum()));
        metrics.add(Metric.of(
                "sluice_resources_silent",
                known.traffic().stream()
                        .filter(traffic -> silent.finding(traffic.resource()).isPresent())
                        .count()));
        metrics.add(Metric.of("sluice_icmp_errors_suppressed_total", known.suppressedErrors()));
        metrics.add(Metric.of("sluice_portal_messages_ignored_total", known.ignoredMessages()));
        metrics.add(Metric.of("sluice_grant_digests_total", known.digests()));
        metrics.add(Metric.of("sluice_grant_drifts_total", known.drifts()));
        metrics.add(Metric.of("sluice_portal_partitions_total", known.partitions()));
        return metrics;
    }
}
