package dev.sluice.lab.scenario;

import dev.sluice.lab.Download;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;

/** A grant ends when it expires, also when nobody can tell the gateway. */
final class Expiry implements Scenario {
    static final double BOUND_MILLISECONDS = 1500;
    private static final Duration LIFE = Duration.ofSeconds(4);
    private static final Duration QUIET = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "expiry";
    }

    @Override
    public String promise() {
        return "a grant expires while the portal is stopped: from the expiry to the last byte of a running download";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        return Figure.milliseconds(late(Stage.fresh(lab)), BOUND_MILLISECONDS);
    }

    /** Lets a grant expire while the portal is stopped; how long after its time the last byte came, in milliseconds. */
    static double late(Stage stage) throws Exception {
        Lab lab = stage.lab();
        stage.reach(Topology.RESOURCE_IPV4);
        try (Download download = Download.slow(Topology.CLIENT, Topology.RESOURCE_IPV4, Duration.ofSeconds(60))) {
            Check.within(Stage.PATIENCE, "the download runs", () -> download.bytes() > 0);
            long begin = System.nanoTime();
            lab.portal().operate("flow", "expire", Stage.NETWORK_IPV4, "--in", LIFE.toSeconds() + "s");
            Check.within(Duration.ofSeconds(2), "the gateway knows the new expiry", () -> stage.gatewayExpects(LIFE));
            lab.portal().part().kill();
            Check.within(LIFE.plusSeconds(10), "the download stops", () -> download.silentFor(QUIET));
            double late = (download.lastByte() - begin) / 1e6 - LIFE.toMillis();
            Check.that(late > -1000, "it ended " + -late + " ms before its time");
            return Math.max(0, late);
        } finally {
            lab.startParts();
        }
    }
}
