package dev.sluice.lab.scenario;

import dev.sluice.lab.Download;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;

/** A transfer towards the client survives that the gateway loses the grant. */
final class ReauthorizeDownload implements Scenario {
    private static final double BOUND_MILLISECONDS = 3000;
    private static final Duration LENGTH = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "reauthorize-download";
    }

    @Override
    public String promise() {
        return "a running download survives that the gateway loses the grant: the gap that it sees";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        // A second grant keeps the connection when the gateway drops the first.
        stage.reach(Topology.RESOURCE_IPV6);
        stage.reach(Topology.RESOURCE_IPV4);
        try (Download download = Download.slow(Topology.CLIENT, Topology.RESOURCE_IPV4, LENGTH)) {
            double gap = Median.of(() -> {
                Check.within(Stage.PATIENCE, "the download runs", () -> !download.silentFor(Duration.ofMillis(100)));
                Thread.sleep(Stage.SETTLED);
                long reauthorizations = stage.reauthorizations();
                stage.orderRejection(Stage.NETWORK_IPV4);
                long begin = System.nanoTime();
                Check.within(
                        Stage.PATIENCE, "the client asks again", () -> stage.reauthorizations() > reauthorizations);
                long asked = System.nanoTime();
                Check.within(Stage.PATIENCE, "the download goes on", () -> download.lastByte() - asked > 0);
                Check.that(!download.ended(), "the download broke off");
                return Check.millisecondsSince(begin);
            });
            return Figure.milliseconds(gap, BOUND_MILLISECONDS);
        }
    }
}
