package dev.sluice.lab.scenario;

import dev.sluice.lab.Connect;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Network;
import dev.sluice.lab.Part;
import dev.sluice.lab.Topology;
import dev.sluice.lab.WireGuardHost;
import java.time.Duration;
import java.util.Map;

/** Two plain WireGuard devices on one link that know each other by link-local addresses (RFC 4007). */
final class WireGuardOnLink implements Scenario {
    private static final double BOUND_MILLISECONDS = 200;
    private static final Duration LIMIT = Duration.ofSeconds(8);
    private static final String DEVICE = "eth0";

    @Override
    public String name() {
        return "wireguard-on-link";
    }

    @Override
    public String promise() {
        return "two plain WireGuard devices with link-local endpoints: first packet to first answer, from either";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        lab.secondClient().part().stop();
        String below = Topology.CLIENT_2;
        String above = Topology.CLIENT_ROUTER;
        // Each is called by the other, by the other's name of the link.
        WireGuardHost near = WireGuardHost.of(below, endpoint(below, DEVICE, below), 1, true);
        WireGuardHost far = WireGuardHost.of(above, endpoint(above, below, DEVICE), 2, true);
        double first = Math.max(answer(near, far, near), answer(near, far, far));
        return Figure.milliseconds(first, BOUND_MILLISECONDS, "handshake included");
    }

    /** New devices, and how long {@code caller}'s first packet takes. */
    private static double answer(WireGuardHost near, WireGuardHost far, WireGuardHost caller) throws Exception {
        String presharedKey = WireGuardHost.presharedKey();
        Part farPart = far.start(near, presharedKey, Map.of());
        try {
            Part nearPart = near.start(far, presharedKey, Map.of());
            try {
                return Connect.refusal(caller.host(), (caller.equals(near) ? far : near).inner(), LIMIT);
            } finally {
                nearPart.stop();
            }
        } finally {
            farPart.stop();
        }
    }

    private static String endpoint(String host, String device, String scope) {
        String line = Network.shell(host, "ip -6 -o address show dev " + device + " scope link");
        return "[" + line.replaceFirst("(?s)^.*inet6 ([0-9a-f:]+)/.*$", "$1") + "%" + scope + "]";
    }
}
