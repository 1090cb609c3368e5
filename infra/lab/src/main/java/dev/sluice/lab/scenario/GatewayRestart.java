package dev.sluice.lab.scenario;

import dev.sluice.lab.Connect;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.util.Locale;

/** A gateway that is replaced serves again, whether it said goodbye or not. */
final class GatewayRestart implements Scenario {
    private static final double STOPPED_MILLISECONDS = 3_000;
    private static final double KILLED_MILLISECONDS = 25_000;
    private static final Duration ATTEMPT = Duration.ofMillis(500);

    @Override
    public String name() {
        return "gateway-restart";
    }

    @Override
    public String promise() {
        return "a gateway restarts: from its init to the first answer (SIGTERM), from its end to it (SIGKILL)";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        double stopped = Median.of(() -> {
            stage.reach(Topology.RESOURCE_IPV4);
            lab.gateway().part().stop();
            lab.gateway().start();
            Lab.await("the gateway", Lab.DEVICE_PATIENCE, lab.gateway().part(), lab.gateway()::isReady);
            return untilAnswer(Duration.ofSeconds(20));
        });
        stage.reach(Topology.RESOURCE_IPV4);
        long killed = System.nanoTime();
        lab.gateway().part().kill();
        lab.gateway().start();
        untilAnswer(Duration.ofSeconds(80));
        double afterKill = Check.millisecondsSince(killed);
        Figure first = Figure.milliseconds(stopped, STOPPED_MILLISECONDS);
        Figure second = Figure.milliseconds(afterKill, KILLED_MILLISECONDS);
        return new Figure(
                String.format(Locale.ROOT, "stopped %s, killed %s", first.text(), second.text()),
                first.bound() + ", " + second.bound(),
                Math.max(first.excess(), second.excess()));
    }

    private static double untilAnswer(Duration limit) throws Exception {
        return Check.within(
                limit,
                "a request is answered",
                () -> Connect.opens(Topology.CLIENT, Topology.RESOURCE_IPV4, 80, ATTEMPT));
    }
}
