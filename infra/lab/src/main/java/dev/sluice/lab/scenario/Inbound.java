package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.lab.Connect;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;

/** Without a grant nothing reaches the client either. */
final class Inbound implements Scenario {
    private static final Duration SHORT = Duration.ofMillis(500);

    @Override
    public String name() {
        return "inbound";
    }

    @Override
    public String promise() {
        return "from the resource to the client passes nothing that no grant covers, and the gateway counts it";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        // A connection exists, but for the other resource only.
        stage.reach(Topology.RESOURCE_IPV6);
        String client = lab.client().status().path("tunnel").path("ipv4").asText();
        long before = dropped(lab);
        Check.that(
                !Connect.opens(Topology.RESOURCE, client, 9, SHORT),
                "a connection from the resource to the client opened");
        long dropped = dropped(lab) - before;
        Check.that(dropped > 0, "the gateway did not count what it dropped");
        stage.reach(Topology.RESOURCE_IPV4);
        return Figure.fact(dropped + " packets dropped and counted", "all of them");
    }

    private static long dropped(Lab lab) {
        long sum = 0;
        for (JsonNode count : lab.gateway().status().path("counters").path("dropped")) {
            sum += count.asLong();
        }
        return sum;
    }
}
