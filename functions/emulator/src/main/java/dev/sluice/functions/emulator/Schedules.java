package dev.sluice.functions.emulator;

import dev.sluice.functions.emulator.LambdaService.FunctionError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Schedules, which call a function each time with their period: at least once, and so sometimes twice. */
public final class Schedules implements AutoCloseable {
    /** Those that the functions need. */
    public static final List<Duration> PERIODS =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofDays(1));

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    public Schedules(LambdaService function) {
        for (var period : PERIODS) {
            byte[] event = ("{\"schedule\":\"" + period + "\"}").getBytes(StandardCharsets.UTF_8);
            clock.scheduleAtFixedRate(
                    () -> Thread.ofVirtual().start(() -> call(function, event)),
                    period.toSeconds(),
                    period.toSeconds(),
                    TimeUnit.SECONDS);
        }
    }

    private static void call(LambdaService function, byte[] event) {
        try {
            function.invoke(event);
        } catch (FunctionError e) {
            System.err.println("a schedule: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
