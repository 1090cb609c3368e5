package dev.sluice.lab.scenario;

import dev.sluice.lab.Connect;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Network;
import dev.sluice.lab.Topology;
import java.time.Duration;

/** A firewall beyond the gateway that refuses with the same ICMP error starts no storm of asks. */
final class ProhibitedBeyond implements Scenario {
    private static final Duration LENGTH = Duration.ofSeconds(30);
    private static final String REFUSED = "172.20.9.9";
    private static final int MOST_ASKS = 3;

    @Override
    public String name() {
        return "prohibited-beyond";
    }

    @Override
    public String promise() {
        return "a host beyond the gateway that refuses makes the client ask at most 3 times in 30 s";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        stage.reach(Topology.RESOURCE_IPV4);
        // The kernel limits what a prohibit route answers once by the route and once by ICMP, which starves it. A
        // firewall
        // answers steadily, so the second limit goes.
        Network.sysctl(Topology.GATEWAY, "ipv4/icmp_ratelimit", "0");
        Network.batch(Topology.GATEWAY, "route add prohibit " + REFUSED + "/32\n");
        try {
            long intents = stage.intents();
            int requests = 0;
            for (long end = System.nanoTime() + LENGTH.toNanos(); System.nanoTime() < end; requests++) {
                Check.that(!Connect.opens(Topology.CLIENT, REFUSED, 80, Duration.ofSeconds(1)), "it answers");
                Thread.sleep(250);
            }
            stage.reach(Topology.RESOURCE_IPV4);
            long asks = stage.intents() - intents;
            Check.that(asks >= 1, "the client did not take the errors for what they may be: it never asked");
            return Figure.count(asks, MOST_ASKS, "asks at " + requests + " refused requests in 30 s");
        } finally {
            Network.sysctl(Topology.GATEWAY, "ipv4/icmp_ratelimit", "1000");
            Network.batch(Topology.GATEWAY, "route delete prohibit " + REFUSED + "/32\n");
        }
    }
}
