package dev.sluice.lab.scenario;

import dev.sluice.lab.Lab;
import dev.sluice.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A gateway whose wall clock is days away from the portal's: neither is access refused, nor does it last longer. */
final class WrongClock implements Scenario {
    private static final Path LIBRARIES = Path.of("/usr/lib");

    @Override
    public String name() {
        return "wrong-clock";
    }

    @Override
    public String promise() {
        return "a gateway's clock is 8 days fast, then slow: grants work, and end at the portal's time";
    }

    @Override
    public boolean partOfAll() {
        return false;
    }

    @Override
    public List<Requirement> requirements() {
        return List.of(new Requirement("faketime", "faketime"));
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        double latest = 0;
        try {
            for (int days : new int[] {8, -8}) {
                stage.restartGateway(Map.of(
                        "LD_PRELOAD",
                        library(),
                        "FAKETIME",
                        (days > 0 ? "+" : "") + days + "d",
                        "FAKETIME_DONT_FAKE_MONOTONIC",
                        "1"));
                long ahead = lab.gateway()
                        .status()
                        .path("portal")
                        .path("clock_ahead_ms")
                        .asLong();
                Check.that(
                        Math.abs(ahead - Duration.ofDays(days).toMillis()) < 60_000,
                        "the gateway does not say how wrong its clock is: " + ahead + " ms");
                latest = Math.max(latest, Expiry.late(stage));
            }
        } finally {
            lab.gateway().part().stop();
        }
        return Figure.milliseconds(latest, Expiry.BOUND_MILLISECONDS, "the later of both");
    }

    private static String library() {
        try (Stream<Path> files = Files.walk(LIBRARIES, 3)) {
            return files.filter(file -> file.endsWith("faketime/libfaketimeMT.so.1"))
                    .findFirst()
                    .orElseThrow(() -> new LabException("faketime brings no libfaketimeMT.so.1 below " + LIBRARIES))
                    .toString();
        } catch (IOException e) {
            throw new LabException("cannot look for faketime's library", e);
        }
    }
}
