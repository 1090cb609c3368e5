package dev.sluice.lab.scenario;

import dev.sluice.lab.Echo;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.util.Map;

/** What is granted goes on without the portal, across new keys, and when the portal comes back. */
final class PortalDown implements Scenario {
    private static final Duration PACE = Duration.ofMillis(10);
    private static final Map<String, String> OFTEN_NEW_KEYS = Map.of("SLUICE_TIMING", "rekey-after=4s");

    private final String name;
    private final boolean comesBack;

    private PortalDown(String name, boolean comesBack) {
        this.name = name;
        this.comesBack = comesBack;
    }

    static PortalDown staysDown() {
        return new PortalDown("portal-down", false);
    }

    static PortalDown restarts() {
        return new PortalDown("portal-restart", true);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String promise() {
        return comesBack
                ? "the portal is killed and started again: packets lost, across new keys"
                : "the portal is down: packets lost, across new keys";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        stage.restartGateway(OFTEN_NEW_KEYS);
        stage.restartClient(OFTEN_NEW_KEYS);
        stage.reach(Topology.RESOURCE_IPV4);
        try (Echo echo = Echo.start(Topology.CLIENT, Topology.RESOURCE_IPV4, PACE)) {
            Check.within(Stage.PATIENCE, "the echo answers", () -> echo.answered() > 10);
            lab.portal().part().kill();
            if (comesBack) {
                lab.startParts();
                stage.awaitPortal(lab.client());
                stage.awaitPortal(lab.gateway());
            } else {
                Thread.sleep(Duration.ofSeconds(10));
            }
            int lost = echo.stop();
            if (comesBack) {
                stage.reach(Topology.RESOURCE_IPV6);
            }
            return Figure.count(lost, 0, "of " + echo.sent() + " packets lost");
        } finally {
            lab.startParts();
        }
    }
}
