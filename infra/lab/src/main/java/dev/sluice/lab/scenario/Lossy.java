package dev.sluice.lab.scenario;

import dev.sluice.lab.Curl;
import dev.sluice.lab.Impairment;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import dev.sluice.lab.Transfer;
import java.time.Duration;

/** A transfer over a poor line arrives whole. */
final class Lossy implements Scenario {
    private static final long SIZE = 10_000_000;
    private static final double BOUND_MILLISECONDS = 120_000;
    private static final Impairment POOR =
            new Impairment(Duration.ofMillis(20), Duration.ofMillis(2), 0.05, 0, 0.02, 0, 7);

    @Override
    public String name() {
        return "lossy";
    }

    @Override
    public String promise() {
        return "10 MB over a line with 20 ms, 5 % loss and reordering arrive whole";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        lab.network().impair(Topology.CLIENT_ROUTER, POOR);
        try {
            Curl first = stage.get(Topology.RESOURCE_IPV4, Duration.ofSeconds(30));
            Check.that(first.succeeded(), "no request gets through: " + first.error());
            double took = Transfer.get(Topology.CLIENT, Topology.RESOURCE_IPV4, SIZE, Duration.ofSeconds(360));
            return Figure.milliseconds(took, BOUND_MILLISECONDS, "checksum right");
        } finally {
            lab.network().repair(Topology.CLIENT_ROUTER);
        }
    }
}
