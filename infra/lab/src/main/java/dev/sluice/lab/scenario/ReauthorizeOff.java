package dev.sluice.lab.scenario;

import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.util.Map;

/** Without the feature a lost grant stays lost, which shows that it is the feature that heals. */
final class ReauthorizeOff implements Scenario {
    private static final Duration SHORT = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "reauthorize-off";
    }

    @Override
    public String promise() {
        return "with the flag off a lost grant stays refused";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        stage.restartClient(Map.of("SLUICE_FEATURE_REAUTHORIZE_ON_PROHIBITED", "false"));
        // A second grant keeps the connection when the gateway drops the first.
        stage.reach(Topology.RESOURCE_IPV6);
        stage.reach(Topology.RESOURCE_IPV4);
        long intents = stage.intents();
        stage.rejectAccess(Stage.NETWORK_IPV4);
        for (int i = 0; i < 4; i++) {
            Check.that(stage.get(Topology.RESOURCE_IPV4, SHORT).refused(), "a request was not refused");
            Thread.sleep(Duration.ofMillis(700));
        }
        return Figure.count(stage.intents() - intents, 0, "asks");
    }
}
