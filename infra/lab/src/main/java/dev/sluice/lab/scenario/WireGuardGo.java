package dev.sluice.lab.scenario;

import dev.sluice.lab.Echo;
import dev.sluice.lab.Impairment;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import dev.sluice.lab.Transfer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The core against another implementation. */
final class WireGuardGo implements Scenario {
    private static final double BOUND_MILLISECONDS = 60_000;
    private static final long SIZE = 100_000_000;
    private static final long SIZE_OVER_POOR_LINE = 10_000_000;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Impairment POOR = new Impairment(Duration.ofMillis(10), Duration.ZERO, 0.05, 0, 0, 0, 7);

    @Override
    public String name() {
        return "wireguard-go";
    }

    @Override
    public String promise() {
        return "against Debian's wireguard-go: handshake from either side, 100 MB each way, new keys, 5 % loss";
    }

    @Override
    public boolean partOfAll() {
        return false;
    }

    @Override
    public List<Requirement> requirements() {
        return List.of(new Requirement("wireguard-go", "wireguard-go"), new Requirement("wg", "wireguard-tools"));
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        lab.secondClient().part().stop();
        double fromTheirs;
        try (WireGuardPair pair = WireGuardPair.start(lab, false, Map.of())) {
            fromTheirs = pair.firstAnswerFromFar();
        }
        newKeys(lab);
        try (WireGuardPair pair = WireGuardPair.start(lab, false, Map.of())) {
            double fromOurs = pair.firstAnswer();
            double down = Transfer.get(pair.near().host(), pair.far().inner(), SIZE, LIMIT);
            double up = Transfer.put(pair.near().host(), pair.far().inner(), LIMIT);
            lab.network().impair(Topology.CLIENT_ROUTER, POOR);
            try {
                Transfer.get(pair.near().host(), pair.far().inner(), SIZE_OVER_POOR_LINE, LIMIT);
            } finally {
                lab.network().repair(Topology.CLIENT_ROUTER);
            }
            return Figure.milliseconds(
                    Math.max(down, up),
                    BOUND_MILLISECONDS,
                    String.format(
                            Locale.ROOT,
                            "100 MB down %.1f s, up %.1f s; handshake from ours %.0f ms, from theirs %.0f ms",
                            down / 1000,
                            up / 1000,
                            fromOurs,
                            fromTheirs));
        }
    }

    /** Keys are renewed by our end while packets pass, and none is lost. */
    private static void newKeys(Lab lab) throws Exception {
        try (WireGuardPair pair = WireGuardPair.start(lab, false, Map.of("SLUICE_TIMING", "rekey-after=3s"))) {
            pair.firstAnswer();
            long before = pair.far().latestHandshake();
            try (Echo echo = Echo.start(pair.near().host(), pair.far().inner(), Duration.ofMillis(10))) {
                Thread.sleep(Duration.ofSeconds(8));
                Check.that(pair.far().latestHandshake() > before, "the keys were not renewed");
                int lost = echo.stop();
                Check.that(lost == 0, lost + " packets were lost while keys were renewed");
            }
        }
    }
}
