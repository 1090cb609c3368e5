package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.lab.Echo;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Network;
import dev.sluice.lab.Program;
import dev.sluice.lab.Topology;
import java.time.Duration;

/** Nothing comes back from a resource: the gateway says which of the usual reasons it is, and what to do. */
final class NothingBack implements Scenario {
    private static final double BOUND_MILLISECONDS = 20_000;
    private static final Duration PACE = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WAY_BACK = "100.64.0.0/11 via 172.20.0.2";

    @Override
    public String name() {
        return "nothing-back";
    }

    @Override
    public String promise() {
        return "no way back from the resource, and a gateway that does not forward: until the gateway says so";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        stage.reach(Topology.RESOURCE_IPV4);
        double slowest;
        try (Echo echo = Echo.start(Topology.CLIENT, Topology.RESOURCE_IPV4, PACE)) {
            Check.within(Stage.PATIENCE, "the echo runs", () -> echo.answered() > 3);
            Network.batch(Topology.RESOURCE, "route del " + WAY_BACK + "\n");
            try {
                slowest = awaitFinding(lab, "Route 100.64.0.0/11");
                Program.Result check = lab.gateway().checkGateway();
                Check.that(check.code() == 1, "'gateway check' finds nothing wrong: " + check.output());
                Check.that(
                        check.output().contains("WRONG resource"),
                        "'gateway check' does not name the resource: " + check.output());
            } finally {
                Network.batch(Topology.RESOURCE, "route replace " + WAY_BACK + "\n");
            }
            Check.within(
                    PATIENCE, "the gateway sees the answers", () -> finding(lab).isEmpty());
            Network.sysctl(Topology.GATEWAY, "ipv4/ip_forward", "0");
            try {
                slowest = Math.max(slowest, awaitFinding(lab, "net.ipv4.ip_forward=1"));
            } finally {
                Network.sysctl(Topology.GATEWAY, "ipv4/ip_forward", "1");
            }
            Check.within(
                    PATIENCE, "the gateway sees the answers", () -> finding(lab).isEmpty());
        }
        Program.Result check = lab.gateway().checkGateway();
        Check.that(check.code() == 0, "'gateway check' complains: " + check.output());
        return Figure.milliseconds(slowest, BOUND_MILLISECONDS);
    }

    private static double awaitFinding(Lab lab, String text) throws Exception {
        return Check.within(
                PATIENCE, "the gateway says '" + text + "'", () -> finding(lab).contains(text));
    }

    private static String finding(Lab lab) {
        StringBuilder all = new StringBuilder();
        for (JsonNode traffic : lab.gateway().status().path("traffic")) {
            all.append(traffic.path("finding").asText(""));
        }
        return all.toString();
    }
}
