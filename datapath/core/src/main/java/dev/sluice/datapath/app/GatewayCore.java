package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.channel.GatewayToPortal;
import dev.sluice.channel.PortalToGateway;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.gateway.Gateway;
import dev.sluice.datapath.gateway.GatewayStatus;
import dev.sluice.datapath.portal.PortalDown;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wireguard.KeyPair;
import dev.sluice.datapath.wireguard.Timing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A {@link Gateway} as the shell sees it. */
final class GatewayCore implements DeviceCore<PortalToGateway> {
    private final Gateway gateway;

    GatewayCore(
            KeyPair keys,
            Timing timing,
            RandomGenerator random,
            InstantSource clock,
            DeviceCore.Output<GatewayToPortal> output) {
        gateway = new Gateway(keys, timing, random, clock, new GatewayOutput(output));
    }

    @Override
    public void setLocalEndpoints(Collection<Endpoint> endpoints, long now) {
        gateway.setLocalEndpoints(endpoints, now);
    }

    @Override
    public void handleTun(byte[] packet, int offset, int length, long now) {
        gateway.handleTun(packet, offset, length, now);
    }

    @Override
    public void handleDatagram(Endpoint local, Endpoint remote, byte[] datagram, int offset, int length, long now) {
        gateway.handleDatagram(local, remote, datagram, offset, length, now);
    }

    @Override
    public void handlePortal(PortalToGateway message, @Nullable SluiceExtra extra, long now) {
        gateway.handlePortal(message, extra, now);
    }

    @Override
    public void handlePortalUp(long now) {
        gateway.handlePortalUp(now);
    }

    @Override
    public void handlePortalDown(PortalDown why, long now) {
        gateway.handlePortalDown(why, now);
    }

    @Override
    public void handleTimeout(long now) {
        gateway.handleTimeout(now);
    }

    @Override
    public long nextTimeout() {
        return gateway.nextTimeout();
    }

    @Override
    public void close(long now) {
        gateway.close(now);
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
                        .put("expires_at", expires == null ? null : expires.toString());
            });
        }
        StatusJson.connections(status, "client_id", known.connections(), now);
        StatusJson.counters(status, known.packets(), known.connectionPackets());
        return status.put("suppressed_errors", known.suppressedErrors())
                .put("ignored_messages", known.ignoredMessages());
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
        metrics.add(Metric.of("sluice_icmp_errors_suppressed_total", known.suppressedErrors()));
        metrics.add(Metric.of("sluice_portal_messages_ignored_total", known.ignoredMessages()));
        return metrics;
    }

    private record GatewayOutput(DeviceCore.Output<GatewayToPortal> shell) implements Gateway.Output {
        @Override
        public void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
            shell.transmit(local, remote, buffer, offset, length);
        }

        @Override
        public void toTun(byte[] buffer, int offset, int length) {
            shell.toTun(buffer, offset, length);
        }

        @Override
        public void toPortal(GatewayToPortal message) {
            shell.toPortal(message);
        }

        @Override
        public void configure(TunnelSettings settings) {
            shell.configure(settings);
        }
    }
}
