package dev.sluice.lab.scenario;

import dev.sluice.lab.Curl;
import dev.sluice.lab.Echo;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;

/** A gateway that has lost a grant says so, and the client asks again, beside a connection that goes on. */
final class Reauthorize implements Scenario {
    private static final double BOUND_MILLISECONDS = 2000;
    private static final Duration PACE = Duration.ofMillis(20);
    private static final Duration SHORT = Duration.ofSeconds(3);

    @Override
    public String name() {
        return "reauthorize";
    }

    @Override
    public String promise() {
        return "the gateway drops a grant: one request fails with the ICMP error, the next succeeds; both families";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        stage.reach(Topology.RESOURCE_IPV4);
        stage.reach(Topology.RESOURCE_IPV6);
        double first = Median.of(() -> heal(stage, Stage.NETWORK_IPV4, Topology.RESOURCE_IPV4, Topology.RESOURCE_IPV6));
        double second =
                Median.of(() -> heal(stage, Stage.NETWORK_IPV6, Topology.RESOURCE_IPV6, Topology.RESOURCE_IPV4));
        return Figure.milliseconds(
                Math.max(first, second), BOUND_MILLISECONDS, "from the refused request to the answered one");
    }

    private static double heal(Stage stage, String network, String address, String other) throws Exception {
        try (Echo beside = Echo.start(Topology.CLIENT, other, PACE)) {
            Check.within(Stage.PATIENCE, "the other resource answers", () -> beside.answered() > 5);
            // An error within 2 s of a grant would mean that asking does not help, and the client would wait.
            Thread.sleep(Stage.SETTLED);
            long reauthorizations = stage.reauthorizations();
            stage.rejectAccess(network);
            long begin = System.nanoTime();
            Curl refused = stage.get(address, SHORT);
            Check.that(refused.refused(), "the request after the loss was not refused: " + refused.error());
            Check.within(
                    SHORT,
                    "a later request succeeds",
                    () -> stage.get(address, SHORT).succeeded());
            double took = Check.millisecondsSince(begin);
            Check.that(stage.reauthorizations() > reauthorizations, "the client did not ask because of the error");
            int lost = beside.stop();
            Check.that(lost == 0, lost + " of " + beside.sent() + " packets of the other connection were lost");
            return took;
        }
    }
}
