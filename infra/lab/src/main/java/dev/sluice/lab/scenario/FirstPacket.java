package dev.sluice.lab.scenario;

import dev.sluice.lab.Curl;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The first packet of an application opens the flow, and how long that takes. The portal's share is from the client's ask to
 * the answer, and so has the gateway's confirmation in it; the ends' is the rest: connecting, handshake, the request itself.
 */
final class FirstPacket implements Scenario {
    private static final double BOUND_MILLISECONDS = 150;
    private static final Duration HEAD_START = Duration.ofSeconds(3);

    private final String name;
    private final String address;
    private final String network;

    private FirstPacket(String name, String address, String network) {
        this.name = name;
        this.address = address;
        this.network = network;
    }

    static FirstPacket ipv4() {
        return new FirstPacket("curl-ipv4", Topology.RESOURCE_IPV4, Stage.NETWORK_IPV4);
    }

    static FirstPacket ipv6() {
        return new FirstPacket("curl-ipv6", Topology.RESOURCE_IPV6, Stage.NETWORK_IPV6);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String promise() {
        return "the first packet opens a tunnel: from that packet to the first byte, warm and with a client just started";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        List<Double> grants = new ArrayList<>();
        double started = Median.of(() -> {
            stage.restartClient(Map.of());
            stage.awaitResource(lab.client(), network);
            Thread.sleep(HEAD_START);
            return firstByte(stage);
        });
        double warm = Median.of(() -> {
            // Without a resource that is granted the connection closes: the next packet starts from nothing.
            stage.disablePolicy(network);
            stage.awaitNoResource(lab.client(), network);
            stage.giveBack(network);
            double firstByte = firstByte(stage);
            grants.add(lab.client().status().path("last_grant_ms").asDouble());
            return firstByte;
        });
        double grant =
                grants.stream().sorted().skip(grants.size() / 2).findFirst().orElse(0.0);
        return Figure.milliseconds(
                Math.max(started, warm),
                BOUND_MILLISECONDS,
                String.format(
                        Locale.ROOT,
                        "client 3 s old %.0f ms, warm %.0f ms of which portal %.0f ms and ends %.0f ms",
                        started,
                        warm,
                        grant,
                        warm - grant));
    }

    private double firstByte(Stage stage) {
        Curl curl = stage.get(address);
        Check.that(curl.succeeded(), "curl failed: " + curl.error());
        return curl.firstByte();
    }
}
