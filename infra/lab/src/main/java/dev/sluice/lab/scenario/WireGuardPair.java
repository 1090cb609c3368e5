package dev.sluice.lab.scenario;

import dev.sluice.lab.Connect;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Part;
import dev.sluice.lab.Topology;
import dev.sluice.lab.WireGuardHost;
import java.time.Duration;
import java.util.Map;

/** Two hosts of the lab with a plain WireGuard tunnel between them, and a server at the far end. */
final class WireGuardPair implements AutoCloseable {
    private static final Duration ATTEMPT = Duration.ofSeconds(8);

    private final WireGuardHost near;
    private final WireGuardHost far;
    private final Part nearPart;
    private final Part farPart;
    private final Part server;

    private WireGuardPair(WireGuardHost near, WireGuardHost far, Part nearPart, Part farPart, Part server) {
        this.near = near;
        this.far = far;
        this.nearPart = nearPart;
        this.farPart = farPart;
        this.server = server;
    }

    /** Our end on the second client's host, and at the far end ours or Debian's. */
    static WireGuardPair start(Lab lab, boolean farIsOurs, Map<String, String> settings) throws Exception {
        WireGuardHost near = WireGuardHost.of(Topology.CLIENT_2, "172.30.1.100", 1, true);
        WireGuardHost far = WireGuardHost.of(Topology.GATEWAY_ROUTER, "203.0.113.34", 2, farIsOurs);
        String presharedKey = WireGuardHost.presharedKey();
        Part farPart = far.start(near, presharedKey, settings);
        Part nearPart = near.start(far, presharedKey, settings);
        Part server = lab.resourceServer(Topology.GATEWAY_ROUTER);
        server.start();
        Check.within(
                Stage.PATIENCE,
                "the server runs",
                () -> Connect.opens(Topology.GATEWAY, Topology.GATEWAY_ROUTER_INNER_IPV4, 80, ATTEMPT));
        return new WireGuardPair(near, far, nearPart, farPart, server);
    }

    WireGuardHost near() {
        return near;
    }

    WireGuardHost far() {
        return far;
    }

    /** The milliseconds until a first packet from our end has been answered. */
    double firstAnswer() throws Exception {
        return Connect.refusal(near.host(), far.inner(), ATTEMPT);
    }

    /** The milliseconds until a first packet from the far end has been answered. */
    double firstAnswerFromFar() throws Exception {
        return Connect.refusal(far.host(), near.inner(), ATTEMPT);
    }

    @Override
    public void close() {
        server.stop();
        nearPart.stop();
        farPart.stop();
    }
}
