package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.channel.ClientToPortal;
import dev.sluice.channel.PortalToClient;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.client.Client;
import dev.sluice.datapath.client.ClientFeatures;
import dev.sluice.datapath.client.ClientStatus;
import dev.sluice.datapath.client.Denial;
import dev.sluice.datapath.client.ResourceStatus;
import dev.sluice.datapath.portal.PortalDown;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wireguard.KeyPair;
import dev.sluice.datapath.wireguard.Timing;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A {@link Client} as the shell sees it. */
final class ClientCore implements DeviceCore<PortalToClient> {
    private final Client client;

    ClientCore(
            KeyPair keys,
            Timing timing,
            FeatureFlags features,
            RandomGenerator random,
            InstantSource clock,
            DeviceCore.Output<ClientToPortal> output) {
        ClientFeatures switched = new ClientFeatures(features.enabled(FeatureFlag.REAUTHORIZE_ON_PROHIBITED));
        client = new Client(keys, timing, switched, random, clock, new ClientOutput(output));
    }

    @Override
    public void setLocalEndpoints(Collection<Endpoint> endpoints, long now) {
        client.setLocalEndpoints(endpoints, now);
    }

    @Override
    public void handleTun(byte[] packet, int offset, int length, long now) {
        client.handleTun(packet, offset, length, now);
    }

    @Override
    public void handleDatagram(Endpoint local, Endpoint remote, byte[] datagram, int offset, int length, long now) {
        client.handleDatagram(local, remote, datagram, offset, length, now);
    }

    @Override
    public void handlePortal(PortalToClient message, @Nullable SluiceExtra extra, long now) {
        client.handlePortal(message, extra, now);
    }

    @Override
    public void handlePortalUp(long now) {
        client.handlePortalUp(now);
    }

    @Override
    public void handlePortalDown(PortalDown why, long now) {
        client.handlePortalDown(why, now);
    }

    @Override
    public void handleTimeout(long now) {
        client.handleTimeout(now);
    }

    @Override
    public long nextTimeout() {
        return client.nextTimeout();
    }

    @Override
    public void close(long now) {
        client.close(now);
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

    private record ClientOutput(DeviceCore.Output<ClientToPortal> shell) implements Client.Output {
        @Override
        public void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
            shell.transmit(local, remote, buffer, offset, length);
        }

        @Override
        public void toTun(byte[] buffer, int offset, int length) {
            shell.toTun(buffer, offset, length);
        }

        @Override
        public void toPortal(ClientToPortal message) {
            shell.toPortal(message);
        }

        @Override
        public void configure(TunnelSettings settings) {
            shell.configure(settings);
        }
    }
}
