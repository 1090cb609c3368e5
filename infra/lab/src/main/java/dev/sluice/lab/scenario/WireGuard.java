package dev.sluice.lab.scenario;

import dev.sluice.lab.Connect;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Transfer;
import java.time.Duration;
import java.util.Map;

/** The core as a plain WireGuard device: two of them, without a portal. */
final class WireGuard implements Scenario {
    private static final double BOUND_MILLISECONDS = 200;
    private static final long SIZE = 10_000_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "wireguard";
    }

    @Override
    public String promise() {
        return "two plain WireGuard devices: first packet to first answer, and 10 MB each way arrive whole";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        lab.secondClient().part().stop();
        double first = Median.of(() -> {
            try (WireGuardPair pair = WireGuardPair.start(lab, true, Map.of())) {
                return pair.firstAnswer();
            }
        });
        try (WireGuardPair pair = WireGuardPair.start(lab, true, Map.of())) {
            pair.firstAnswerFromFar();
            Connect.refusal(pair.near().host(), pair.far().innerIpv6(), LIMIT);
            Transfer.get(pair.near().host(), pair.far().inner(), SIZE, LIMIT);
            Transfer.put(pair.near().host(), pair.far().inner(), LIMIT);
        }
        return Figure.milliseconds(first, BOUND_MILLISECONDS, "handshake included");
    }
}
