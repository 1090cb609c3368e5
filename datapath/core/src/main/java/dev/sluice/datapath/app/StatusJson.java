package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.channel.Detail;
import dev.sluice.datapath.connectivity.ConnectionStatus;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.PacketLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The parts of the status that client and gateway have in common. */
final class StatusJson {
    private static final double SECOND = 1e9;

    private StatusJson() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** {@code SIGNED_OUT} to {@code signed_out}. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static void tunnel(ObjectNode status, @Nullable TunnelSettings tunnel) {
        if (tunnel == null) {
            return;
        }
        ObjectNode node = status.putObject("tunnel")
                .put("ipv4", tunnel.ipv4().toString())
                .put("ipv6", tunnel.ipv6().toString());
        ArrayNode routes = node.putArray("routes");
        tunnel.routes().forEach(route -> routes.add(route.toString()));
    }

    /** {@code reason}, {@code properties} and {@code seen} of {@code detail}. */
    static void reason(ObjectNode node, Detail detail) {
        node.put("reason", detail.reason().code());
        ArrayNode properties = node.putArray("properties");
        detail.properties().forEach(properties::add);
        if (!detail.seen().isEmpty()) {
            ObjectNode seen = node.putObject("seen");
            new TreeMap<>(detail.seen()).forEach(seen::put);
        }
    }

    /** Times of the monotonic clock become how long ago they were, in seconds. */
    static void connections(ObjectNode status, String peerName, List<ConnectionStatus> connections, long now) {
        ArrayNode array = status.putArray("connections");
        for (ConnectionStatus connection : connections) {
            ObjectNode node = array.addObject()
                    .put(peerName, connection.peer().toString())
                    .put("state", word(connection.state()));
            if (connection.path() != null) {
                node.put("local", connection.path().local().toString())
                        .put("remote", connection.path().remote().toString())
                        .put("path", connection.pathTypes());
            }
            if (connection.lastHandshake() != null) {
                node.put("last_handshake_seconds_ago", (now - connection.lastHandshake()) / SECOND);
            }
            node.put("packets_sent", connection.packetsSent())
                    .put("bytes_sent", connection.bytesSent())
                    .put("packets_received", connection.packetsReceived())
                    .put("bytes_received", connection.bytesReceived());
        }
    }

    /** Both points at which packets are counted, each alone and together. */
    static void counters(ObjectNode status, PacketLedger.Counts packets, PacketLedger.Counts connections) {
        counts(status.putObject("counters"), packets.plus(connections));
        counts(status.putObject("packet_counters"), packets);
        counts(status.putObject("connection_counters"), connections);
    }

    private static void counts(ObjectNode node, PacketLedger.Counts counts) {
        node.put("received", counts.received())
                .put("originated", counts.originated())
                .put("delivered", counts.delivered())
                .put("consumed", counts.consumed())
                .put("held", counts.held());
        ObjectNode dropped = node.putObject("dropped");
        counts.dropped().forEach((reason, count) -> dropped.put(reason.code(), count));
    }

    static List<Metric> metrics(String point, PacketLedger.Counts counts) {
        String label = "point=\"" + point + "\"";
        List<Metric> metrics = new ArrayList<>(List.of(
                new Metric("sluice_packets_received_total", label, counts.received()),
                new Metric("sluice_packets_originated_total", label, counts.originated()),
                new Metric("sluice_packets_delivered_total", label, counts.delivered()),
                new Metric("sluice_packets_consumed_total", label, counts.consumed()),
                new Metric("sluice_packets_held", label, counts.held())));
        counts.dropped()
                .forEach((reason, count) -> metrics.add(new Metric(
                        "sluice_packets_dropped_total", label + ",reason=\"" + reason.code() + "\"", count)));
        return metrics;
    }
}
