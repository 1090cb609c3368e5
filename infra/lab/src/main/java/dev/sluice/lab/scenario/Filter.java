package dev.sluice.lab.scenario;

import dev.sluice.lab.Connect;
import dev.sluice.lab.Curl;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a resource's filters allow passes; the rest is refused, and asking does not help. */
final class Filter implements Scenario {
    private static final Duration LENGTH = Duration.ofSeconds(30);
    private static final int MOST_ASKS = 3;

    @Override
    public String name() {
        return "filter";
    }

    @Override
    public String promise() {
        return "a port outside the filters is prohibited: no ask when the client knows them, else at most 3 in 30 s";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        try {
            stage.setFilters(Stage.NETWORK_IPV4, List.of("tcp:80"));
            Check.within(
                    Stage.PATIENCE,
                    "the client applies the filters",
                    () -> Curl.from(Topology.CLIENT, other(), Duration.ofSeconds(1))
                            .refused());
            stage.reach(Topology.RESOURCE_IPV4);
            long intents = stage.intents();
            for (int i = 0; i < 10; i++) {
                Curl curl = Curl.from(Topology.CLIENT, other(), Duration.ofSeconds(1));
                Check.that(curl.refused(), "port 8080 is not prohibited: " + curl.error());
            }
            Check.that(stage.intents() == intents, "the client asked for what its own filters forbid");

            stage.setFilters(Stage.NETWORK_IPV4, List.of());
            Check.within(
                    Stage.PATIENCE,
                    "port 8080 passes without filters",
                    () -> Curl.from(Topology.CLIENT, other(), Duration.ofSeconds(1))
                            .succeeded());
            stage.hold(lab.client());
            stage.setFilters(Stage.NETWORK_IPV4, List.of("tcp:80"));
            Check.within(
                    Stage.PATIENCE,
                    "the gateway applies the filters",
                    () -> !Connect.opens(Topology.CLIENT, Topology.RESOURCE_IPV4, 8080, Duration.ofMillis(500)));
            intents = stage.intents();
            for (long end = System.nanoTime() + LENGTH.toNanos(); System.nanoTime() < end; ) {
                Optional<String> open =
                        Connect.open(Topology.CLIENT, Topology.RESOURCE_IPV4, 8080, Duration.ofSeconds(1));
                if (open.isPresent()) {
                    throw new ScenarioFailure("port 8080 passed the gateway to " + open.get() + ", which holds "
                            + lab.gateway().status().path("clients"));
                }
                Thread.sleep(250);
            }
            return Figure.count(stage.intents() - intents, MOST_ASKS, "asks in 30 s, 0 where the client knows");
        } finally {
            stage.release(lab.client());
            stage.setFilters(Stage.NETWORK_IPV4, List.of());
        }
    }

    private static String other() {
        return Stage.url(Topology.RESOURCE_IPV4, 8080, "/");
    }
}
