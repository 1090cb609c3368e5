package dev.sluice.lab.scenario;

import dev.sluice.lab.Device;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;

/** When a client's last grant goes, so does the connection, without waiting for a timeout. */
final class LastResource implements Scenario {
    private static final double BOUND_MILLISECONDS = 1000;

    @Override
    public String name() {
        return "last-resource";
    }

    @Override
    public String promise() {
        return "the last resource goes: from the order until both ends have closed the connection";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        double closed = Median.of(() -> {
            stage.reach(Topology.RESOURCE_IPV4);
            Check.that(connections(lab.client()) == 1, "the client has no connection");
            long begin = System.nanoTime();
            stage.disablePolicy(Stage.NETWORK_IPV4);
            Check.within(
                    Stage.PATIENCE,
                    "both ends close",
                    () -> connections(lab.client()) == 0 && connections(lab.gateway()) == 0);
            double took = Check.millisecondsSince(begin);
            stage.giveBack(Stage.NETWORK_IPV4);
            return took;
        });
        return Figure.milliseconds(closed, BOUND_MILLISECONDS);
    }

    private static int connections(Device device) {
        return device.status().path("connections").size();
    }
}
