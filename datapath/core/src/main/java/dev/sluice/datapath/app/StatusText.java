package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** The status for people: what matters, a line each. */
final class StatusText {
    private static final double SILENCE_SECONDS = SilentResources.SILENCE.toSeconds();

    private final StringBuilder text = new StringBuilder();

    private StatusText() {}

    static String of(JsonNode status) {
        StatusText made = new StatusText();
        made.describe(status);
        return made.text.toString();
    }

    private void describe(JsonNode status) {
        JsonNode portal = status.path("portal");
        line("State", status.path("state").asText());
        line("Portal", portal.path("state").asText() + because(portal));
        line("Remedy", portal.path("remedy").asText(""));
        JsonNode tunnel = status.path("tunnel");
        line(
                "Tunnel",
                (tunnel.path("device").asText() + " " + tunnel.path("ipv4").asText() + " "
                                + tunnel.path("ipv6").asText())
                        .strip());
        status.path("warnings").forEach(warning -> line("Warning", warning.asText()));
        for (JsonNode resource : status.path("resources")) {
            line(
                    "Resource",
                    resource.path("name").asText() + " "
                            + resource.path("address").asText() + " "
                            + resource.path("state").asText() + lastDenied(resource.path("last_denial")));
        }
        for (JsonNode client : status.path("clients")) {
            line(
                    "Client",
                    client.path("id").asText() + " " + client.path("ipv4").asText() + " grants "
                            + client.path("grants").size());
        }
        for (JsonNode traffic : status.path("traffic")) {
            line("Traffic", traffic(traffic));
        }
        for (JsonNode connection : status.path("connections")) {
            line(
                    "Connection",
                    connection
                                    .path("gateway_id")
                                    .asText(connection.path("client_id").asText()) + " "
                            + connection.path("state").asText() + " "
                            + connection.path("remote").asText());
        }
        line("Last denial", denial(status.path("last_denial")));
        JsonNode counters = status.path("counters");
        StringBuilder dropped = new StringBuilder();
        counters.path("dropped")
                .properties()
                .forEach(count ->
                        dropped.append(' ').append(count.getKey()).append('=').append(count.getValue()));
        line(
                "Packets",
                "received " + counters.path("received") + ", originated " + counters.path("originated")
                        + ", delivered " + counters.path("delivered") + ", consumed " + counters.path("consumed")
                        + ", held " + counters.path("held") + ", dropped" + (dropped.isEmpty() ? " 0" : dropped));
    }

    /** What passed of a resource; that nothing came back for a moment says little. */
    static String traffic(JsonNode traffic) {
        double silence = traffic.path("unanswered_seconds").asDouble();
        String finding = traffic.path("finding").asText("");
        return traffic.path("resource_id").asText() + " sent " + traffic.path("sent") + ", answered "
                + traffic.path("answered")
                + (silence < SILENCE_SECONDS ? "" : String.format(Locale.ROOT, ", nothing for %.0f s", silence))
                + (finding.isEmpty() ? "" : ": " + finding);
    }

    private static String because(JsonNode portal) {
        JsonNode detail = portal.path("detail").path("code");
        String why = detail.isMissingNode() ? portal.path("reason").asText("") : detail.asText();
        String trouble = portal.path("trouble").asText("");
        return (why.isEmpty() ? "" : " (" + why + ")") + (trouble.isEmpty() ? "" : " " + trouble);
    }

    private static String lastDenied(JsonNode denial) {
        return denial.isMissingNode() ? "" : " last denied: " + denial(denial);
    }

    private static String denial(JsonNode denial) {
        if (denial.isMissingNode()) {
            return "";
        }
        StringBuilder properties = new StringBuilder();
        denial.path("properties").forEach(property -> {
            String seen = denial.path("seen").path(property.asText()).asText("");
            properties.append(' ').append(property.asText());
            if (!seen.isEmpty()) {
                properties.append(" (the portal sees ").append(seen).append(')');
            }
        });
        return denial.path("reason").asText() + properties + " at "
                + denial.path("at").asText();
    }

    private void line(String name, String value) {
        if (!value.isEmpty()) {
            text.append(String.format(Locale.ROOT, "%-12s %s%n", name, value));
        }
    }
}
