package dev.sluice.lab.scenario;

import dev.sluice.lab.Connect;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;

/** A client that starts again gets through. */
final class ClientRestart implements Scenario {
    private static final double BOUND_MILLISECONDS = 3000;
    private static final Duration ATTEMPT = Duration.ofMillis(200);

    @Override
    public String name() {
        return "client-restart";
    }

    @Override
    public String promise() {
        return "a client restarts: from the start of its process to the first answer";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        stage.reach(Topology.RESOURCE_IPV4);
        double took = Median.of(() -> {
            lab.client().part().kill();
            long begin = System.nanoTime();
            lab.client().start();
            Check.within(
                    Lab.DEVICE_PATIENCE,
                    "a request is answered",
                    () -> Connect.opens(Topology.CLIENT, Topology.RESOURCE_IPV4, 80, ATTEMPT));
            return Check.millisecondsSince(begin);
        });
        return Figure.milliseconds(took, BOUND_MILLISECONDS);
    }
}
