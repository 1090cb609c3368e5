package dev.sluice.lab.scenario;

import dev.sluice.lab.Connect;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.util.List;

/** The network below everything: hosts reach each other over both families, and the resource is out of reach. */
final class Underlay implements Scenario {
    private static final double BOUND_MILLISECONDS = 20;
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofMillis(300);

    @Override
    public String name() {
        return "underlay";
    }

    @Override
    public String promise() {
        return "hosts reach each other over IPv4 and IPv6, and the resource only from the gateway";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Check.within(
                LIMIT,
                "the resource's server answers the gateway",
                () -> Connect.opens(Topology.GATEWAY, Topology.RESOURCE_IPV4, 80, SHORT));
        for (String address : List.of(Topology.RESOURCE_IPV4, Topology.RESOURCE_IPV6)) {
            Check.that(Connect.opens(Topology.GATEWAY, address, 80, LIMIT), "the gateway does not reach " + address);
            for (String host : List.of(Topology.CLIENT, Topology.CLIENT_2, Topology.PORTAL)) {
                Check.that(!Connect.opens(host, address, 80, SHORT), host + " reaches " + address + " in clear");
            }
        }
        double worst = 0;
        for (String from : List.of(Topology.CLIENT, Topology.CLIENT_2, Topology.GATEWAY)) {
            for (String to : List.of(
                    Topology.PORTAL_IPV4,
                    Topology.PORTAL_IPV6,
                    Topology.GATEWAY_IPV4,
                    Topology.GATEWAY_IPV6,
                    Topology.CLIENT_IPV4,
                    Topology.CLIENT_IPV6)) {
                worst = Math.max(worst, Median.of(() -> Connect.refusal(from, to, LIMIT)));
            }
        }
        return Figure.milliseconds(worst, BOUND_MILLISECONDS, "slowest of 18 paths");
    }
}
