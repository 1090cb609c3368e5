package dev.sluice.lab.scenario;

import dev.sluice.lab.Curl;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;

/** A request that the portal refuses fails at once and says why. */
final class Denied implements Scenario {
    private static final double BOUND_MILLISECONDS = 1000;

    @Override
    public String name() {
        return "denied";
    }

    @Override
    public String promise() {
        return "a client that wrongly believes it has access is refused at once, with a reason";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        stage.hold(lab.client());
        try {
            stage.disablePolicy(Stage.NETWORK_IPV4);
            Curl curl = stage.get(Topology.RESOURCE_IPV4);
            Check.that(curl.refused(), "the application was not refused by the network: " + curl.error());
            String reason = Stage.lastDenial(lab.client());
            Check.that(!reason.isEmpty(), "the client's status gives no reason");
            Check.that(
                    Audit.lastDenial(lab).equals(reason),
                    "the client says " + reason + " and the audit " + Audit.lastDenial(lab));
            return Figure.milliseconds(curl.total(), BOUND_MILLISECONDS, "reason " + reason);
        } finally {
            stage.release(lab.client());
            stage.giveBack(Stage.NETWORK_IPV4);
        }
    }
}
