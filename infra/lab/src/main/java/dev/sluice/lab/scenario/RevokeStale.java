package dev.sluice.lab.scenario;

import dev.sluice.lab.Curl;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;

/** A client that has not heard of its loss is refused by the gateway, and hears of it in the end. */
final class RevokeStale implements Scenario {
    private static final double BOUND_MILLISECONDS = 1000;

    @Override
    public String name() {
        return "revoke-stale";
    }

    @Override
    public String promise() {
        return "a client that still believes it has access gets ICMP prohibited; told at last, the resource is gone";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        stage.reach(Topology.RESOURCE_IPV4);
        stage.reach(Topology.RESOURCE_IPV6);
        stage.hold(lab.client());
        try {
            long begin = System.nanoTime();
            stage.disablePolicy(Stage.NETWORK_IPV4);
            Check.within(
                    Stage.PATIENCE,
                    "the gateway refuses",
                    () -> !stage.get(Topology.RESOURCE_IPV4, Duration.ofSeconds(2))
                            .succeeded());
            Curl curl = stage.get(Topology.RESOURCE_IPV4);
            double took = Check.millisecondsSince(begin);
            Check.that(curl.refused(), "the request was not refused by the network: " + curl.error());
            Check.that(Stage.knows(lab.client(), Stage.NETWORK_IPV4), "the client has heard of it already");
            stage.reach(Topology.RESOURCE_IPV6);
            stage.release(lab.client());
            stage.awaitNoResource(lab.client(), Stage.NETWORK_IPV4);
            return Figure.milliseconds(took, BOUND_MILLISECONDS, "from the order to the refusal");
        } finally {
            stage.release(lab.client());
            stage.giveBack(Stage.NETWORK_IPV4);
        }
    }
}
