package dev.sluice.lab.scenario;

import dev.sluice.lab.Connect;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Network;
import dev.sluice.lab.Part;
import dev.sluice.lab.Topology;
import dev.sluice.lab.Transfer;
import dev.sluice.lab.WireGuardHost;
import java.time.Duration;
import java.util.Map;

/** A VPN provider's file, as it comes: everything through the tunnel, but for the local network. */
final class FullTunnel implements Scenario {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long SIZE = 1_000_000;
    private static final String LAN_IPV4 = "172.30.1.1";
    private static final String LAN_IPV6 = "172:30:0:1::1";

    @Override
    public String name() {
        return "full-tunnel";
    }

    @Override
    public String promise() {
        return "a provider's WireGuard file (0.0.0.0/0, ::/0): all through the tunnel, the local network in reach, the"
                + " host as before afterwards";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        lab.secondClient().part().stop();
        WireGuardHost near = WireGuardHost.of(Topology.CLIENT_2, "172.30.1.100", 1, true);
        WireGuardHost far = WireGuardHost.of(Topology.GATEWAY_ROUTER, "203.0.113.34", 2, true);
        String presharedKey = WireGuardHost.presharedKey();
        String before = state();
        Part server = lab.resourceServer(Topology.GATEWAY_ROUTER);
        Part farPart = far.start(near, presharedKey, Map.of());
        Part nearPart = near.startFromProvidersFile(far, presharedKey);
        long inClear;
        long throughTheTunnel;
        try {
            server.start();
            Check.within(
                    Stage.PATIENCE,
                    "the server runs",
                    () -> Connect.opens(Topology.GATEWAY, Topology.GATEWAY_ROUTER_INNER_IPV4, 80, LIMIT));
            Transfer.get(near.host(), Topology.GATEWAY_ROUTER_INNER_IPV4, SIZE, LIMIT);
            long clearBefore = Network.leaked(Topology.CLIENT_ROUTER);
            long tunnelBefore = Network.leaked(Topology.GATEWAY_ROUTER);
            for (String address : new String[] {Topology.RESOURCE_IPV4, Topology.RESOURCE_IPV6}) {
                Connect.opens(near.host(), address, 80, Duration.ofMillis(500));
            }
            inClear = Network.leaked(Topology.CLIENT_ROUTER) - clearBefore;
            throughTheTunnel = Network.leaked(Topology.GATEWAY_ROUTER) - tunnelBefore;
            Connect.refusal(near.host(), LAN_IPV4, LIMIT);
            Connect.refusal(near.host(), LAN_IPV6, LIMIT);
        } finally {
            server.stop();
            nearPart.stop();
            farPart.stop();
        }
        Check.that(throughTheTunnel > 0, "nothing went through the tunnel");
        String after = state();
        Check.that(after.equals(before), "the host is not as before: " + after + " instead of " + before);
        return Figure.count(inClear, 0, "packets of the internet beside the tunnel");
    }

    private static String state() {
        return Network.shell(
                Topology.CLIENT_2,
                "for f in -4 -6; do ip $f rule show; ip $f route show table all; done; ip -o addr show; ip -o link show");
    }
}
