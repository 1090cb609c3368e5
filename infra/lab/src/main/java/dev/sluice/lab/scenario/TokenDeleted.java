package dev.sluice.lab.scenario;

import dev.sluice.lab.Download;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;

/** A token that is deleted signs its devices out and ends what they had. */
final class TokenDeleted implements Scenario {
    private static final double BOUND_MILLISECONDS = 1000;
    private static final Duration QUIET = Duration.ofMillis(500);

    @Override
    public String name() {
        return "token-deleted";
    }

    @Override
    public String promise() {
        return "a token is deleted: from the order to the last byte; the client says why and waits for a new token";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        try (SecondClient second = SecondClient.signedIn(stage)) {
            second.reach(Topology.RESOURCE_IPV4);
            try (Download download = Download.slow(Topology.CLIENT_2, Topology.RESOURCE_IPV4, Duration.ofSeconds(60))) {
                Check.within(Stage.PATIENCE, "the download runs", () -> download.bytes() > 0);
                long begin = System.nanoTime();
                second.deleteToken();
                Check.within(Stage.PATIENCE, "the client is signed out", second::isSignedOut);
                Check.within(Stage.PATIENCE, "the download stops", () -> download.silentFor(QUIET));
                double last = (download.lastByte() - begin) / 1e6;
                String detail = second.device().status().path("portal").toString();
                Check.that(detail.contains("token_"), "the client's status gives no reason: " + detail);
                return Figure.milliseconds(Math.max(0, last), BOUND_MILLISECONDS);
            }
        }
    }
}
