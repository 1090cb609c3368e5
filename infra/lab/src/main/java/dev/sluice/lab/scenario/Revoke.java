package dev.sluice.lab.scenario;

import dev.sluice.lab.Download;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;

/** Access that is taken away ends, on an established transfer too. */
final class Revoke implements Scenario {
    private static final double BOUND_MILLISECONDS = 500;
    private static final Duration LENGTH = Duration.ofSeconds(60);
    private static final Duration QUIET = Duration.ofMillis(500);

    @Override
    public String name() {
        return "revoke";
    }

    @Override
    public String promise() {
        return "a policy is disabled: from the order to the last byte of a running download";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        long leaked = NoLeak.leaked();
        double last = Median.of(() -> {
            stage.reach(Topology.RESOURCE_IPV4);
            try (Download download = Download.slow(Topology.CLIENT, Topology.RESOURCE_IPV4, LENGTH)) {
                Check.within(Stage.PATIENCE, "the download runs", () -> download.bytes() > 0);
                long begin = System.nanoTime();
                stage.disablePolicy(Stage.NETWORK_IPV4);
                stage.awaitNoResource(lab.client(), Stage.NETWORK_IPV4);
                Check.within(Stage.PATIENCE, "the download stops", () -> download.silentFor(QUIET));
                String reason = Stage.lastDenial(lab.client());
                Check.that(reason.equals("policy_disabled"), "the client's status says " + reason);
                return (download.lastByte() - begin) / 1e6;
            } finally {
                stage.giveBack(Stage.NETWORK_IPV4);
            }
        });
        Check.that(NoLeak.leaked() == leaked, "packets for the resource left in clear");
        return Figure.milliseconds(Math.max(0, last), BOUND_MILLISECONDS);
    }
}
