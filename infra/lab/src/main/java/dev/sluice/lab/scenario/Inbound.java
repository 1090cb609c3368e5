package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.lab.AddressForgery;
import dev.sluice.lab.Connect;
import dev.sluice.lab.Curl;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Without a grant nothing reaches the client either; and a client that sends in another's name is refused, since its
 * answers would reach that other.
 */
final class Inbound implements Scenario {
    private static final Duration SHORT = Duration.ofMillis(500);

    @Override
    public String name() {
        return "inbound";
    }

    @Override
    public String promise() {
        return "what no grant covers does not pass to the client, nor what another client sends in its name; the gateway"
                + " counts both";
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
        long forged = sendInTheNameOfTheClient(stage);
        stage.reach(Topology.RESOURCE_IPV4);
        return Figure.fact(
                dropped + " packets without a grant and " + forged + " in another's name dropped and counted",
                "all of them");
    }

    private static long sendInTheNameOfTheClient(Stage stage) throws Exception {
        Lab lab = stage.lab();
        JsonNode victim = lab.client().status().path("tunnel");
        String ipv4 = victim.path("ipv4").asText();
        String ipv6 = victim.path("ipv6").asText();
        long before = forged(lab);
        try (AddressForgery forgery = AddressForgery.start(Topology.CLIENT_2, ipv4, ipv6);
                SecondClient second = SecondClient.signedIn(stage, Map.of("SLUICE_API_URL", forgery.apiUrl()))) {
            Check.that(
                    second.device()
                            .status()
                            .path("tunnel")
                            .path("ipv4")
                            .asText()
                            .equals(ipv4),
                    "the second client does not take the client's address for its own");
            for (String address : List.of(Topology.RESOURCE_IPV4, Topology.RESOURCE_IPV6)) {
                long known = forged(lab);
                Curl curl = second.get(address, Duration.ofSeconds(3));
                Check.that(!curl.succeeded(), "a request in another client's name reached " + address);
                Check.that(forged(lab) > known, "the gateway did not count what came in another client's name");
            }
        }
        return forged(lab) - before;
    }

    private static long forged(Lab lab) {
        return lab.gateway()
                .status()
                .path("counters")
                .path("dropped")
                .path("wrong_source")
                .asLong();
    }

    private static long dropped(Lab lab) {
        long sum = 0;
        for (JsonNode count : lab.gateway().status().path("counters").path("dropped")) {
            sum += count.asLong();
        }
        return sum;
    }
}
