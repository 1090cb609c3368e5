package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.datapath.io.InterfaceAddresses;
import dev.sluice.datapath.io.diagnosis.HostChecks;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;

/** {@code sluice gateway check}: whether what clients send gets through this host, and back. */
final class GatewayCheck {
    private final PrintWriter out;
    private boolean wrong;

    GatewayCheck(PrintWriter out) {
        this.out = out;
    }

    /**
     * Prints a line for each thing that is looked at.
     *
     * @param status asks the running gateway; throws when there is none
     * @return the exit code
     */
    int run(Supplier<JsonNode> status) {
        try {
            gateway(status.get());
        } catch (CommandFailedException silent) {
            wrong("gateway", String.valueOf(silent.getMessage()));
            host("");
        }
        out.flush();
        return wrong ? 1 : 0;
    }

    private void gateway(JsonNode status) {
        String state = status.path("state").asText();
        String portal = status.path("portal").path("state").asText();
        if (state.equals("running") && portal.equals("up")) {
            fine("gateway", "it runs, and the portal is connected");
        } else {
            wrong(
                    "gateway",
                    "its state is " + state + ", the portal is " + portal + ": sluice gateway status says more");
        }
        host(status.path("tunnel").path("device").asText());
        for (JsonNode traffic : status.path("traffic")) {
            double silence = traffic.path("unanswered_seconds").asDouble();
            if (traffic.has("finding")) {
                wrong("resource", StatusText.traffic(traffic));
            } else if (silence >= SilentResources.SILENCE.toSeconds()) {
                wrong(
                        "resource",
                        StatusText.traffic(traffic) + "; let a client go on sending for some seconds"
                                + " and ask again, to hear where its packets stay");
            } else {
                fine("resource", StatusText.traffic(traffic));
            }
        }
    }

    /** @param tunnel the name of the tunnel's interface, empty if it is not known */
    private void host(String tunnel) {
        HostChecks checks = new HostChecks();
        report("forwarding", checks.forwarding(), "on, for both families");
        report("rp_filter", checks.reversePath(InterfaceAddresses.names(tunnel)), "off or loose");
        report("firewall", checks.reversePathByFirewall(), "nothing filters by reverse path");
        for (String chain : checks.droppingForwardChains()) {
            out.println("look  firewall: " + chain + " drops what no rule accepts: it has to accept what comes out of"
                    + " the tunnel, and the answers");
        }
    }

    private void report(String what, List<String> complaints, String otherwise) {
        complaints.forEach(complaint -> wrong(what, complaint));
        if (complaints.isEmpty()) {
            fine(what, otherwise);
        }
    }

    private void fine(String what, String text) {
        out.println("ok    " + what + ": " + text);
    }

    private void wrong(String what, String text) {
        wrong = true;
        out.println("WRONG " + what + ": " + text);
    }
}
