package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Portal;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.util.Map;

/** A gateway that was told something else than the portal holds finds out, and starts anew from what holds. */
final class Drift implements Scenario {
    private static final double BOUND_MILLISECONDS =
            Portal.DIGEST_EVERY.plusSeconds(1).toMillis();

    @Override
    public String name() {
        return "drift";
    }

    @Override
    public String promise() {
        return "a gateway drops a grant that the portal still holds: from the loss until it is noticed";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        // A client that heals by itself may be faster than the next digest: a late SYN-ACK of an earlier attempt is
        // enough.
        stage.restartClient(Map.of("SLUICE_FEATURE_REAUTHORIZE_ON_PROHIBITED", "false"));
        stage.reach(Topology.RESOURCE_IPV4);
        stage.reach(Topology.RESOURCE_IPV6);
        long before = drifts(lab);
        awaitTwoDigests(lab);
        Check.that(drifts(lab) == before, "the gateway sees a drift where there is none");

        stage.rejectAccess(Stage.NETWORK_IPV4);
        double noticed = Check.within(
                Stage.PATIENCE.plus(Portal.DIGEST_EVERY), "the gateway notices", () -> drifts(lab) > before);
        awaitTwoDigests(lab);
        Check.that(drifts(lab) == before + 1, "the drift was noticed and not mended");
        Check.that(stage.get(Topology.RESOURCE_IPV4).refused(), "the request after the loss was not refused");

        stage.restartClient(Map.of());
        stage.reach(Topology.RESOURCE_IPV4);
        awaitTwoDigests(lab);
        Check.that(drifts(lab) == before + 1, "a grant that came back makes a drift");
        return Figure.milliseconds(noticed, BOUND_MILLISECONDS);
    }

    private static void awaitTwoDigests(Lab lab) throws Exception {
        long after = status(lab).path("digests").asLong() + 2;
        Duration limit = Stage.PATIENCE.plus(Portal.DIGEST_EVERY.multipliedBy(2));
        Check.within(
                limit,
                "the portal sums up what it told",
                () -> status(lab).path("digests").asLong() >= after);
    }

    private static long drifts(Lab lab) {
        return status(lab).path("drifts").asLong();
    }

    private static JsonNode status(Lab lab) {
        return lab.gateway().status();
    }
}
