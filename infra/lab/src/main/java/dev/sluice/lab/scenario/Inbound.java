package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.lab.AddressForgery;
import dev.sluice.lab.Connect;
import dev.sluice.lab.Curl;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Part;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Without a grant nothing reaches the client either, and with one nothing but answers; the gateway's host is no resource;
 * and a client that sends in another's name is refused, since its answers would reach that other.
 */
final class Inbound implements Scenario {
    private static final Duration SHORT = Duration.ofMillis(500);

    @Override
    public String name() {
        return "inbound";
    }

    @Override
    public String promise() {
        return "to a client pass answers alone, and what another sends in its name does not; the gateway's host is out of"
                + " reach; all counted";
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
        openWhereAGrantIs(stage, client);
        long forged = sendInTheNameOfTheClient(stage);
        stage.reach(Topology.RESOURCE_IPV4);
        return Figure.fact(
                dropped + " packets without a grant and " + forged + " in another's name dropped and counted",
                "all of them");
    }

    /** Servers listen on the client and on the gateway's host, and a grant lives that covers the resource with all ports. */
    private static void openWhereAGrantIs(Stage stage, String client) throws Exception {
        Lab lab = stage.lab();
        String gateway = lab.gateway().status().path("tunnel").path("ipv4").asText();
        for (String host : List.of(Topology.CLIENT, Topology.GATEWAY)) {
            Part server = lab.resourceServer(host);
            server.start();
            try {
                Check.within(
                        Stage.PATIENCE,
                        "a server runs on " + host,
                        () -> Connect.opens(host, "127.0.0.1", 80, Duration.ofSeconds(1)));
                Check.that(
                        !Connect.opens(Topology.RESOURCE, client, 80, SHORT),
                        "the resource opened a connection to a port of the client");
                Check.that(
                        !Connect.opens(Topology.CLIENT, gateway, 80, SHORT),
                        "the client opened a connection to a port of the gateway's host");
            } finally {
                server.stop();
            }
        }
        Check.that(unsolicited(lab) > 0, "the gateway did not count what the resource began");
    }

    private static long unsolicited(Lab lab) {
        return lab.gateway()
                .status()
                .path("counters")
                .path("dropped")
                .path("unsolicited")
                .asLong();
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
