package dev.sluice.functions.console;

import dev.sluice.functions.audit.Activity;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lines over time, as an SVG of {@value #WIDTH} by {@value #HEIGHT}.
 *
 * @param most what the top of it stands for, in words
 */
public record Chart(String title, String most, Instant from, Instant to, List<Line> lines) {
    public static final int WIDTH = 600;
    public static final int HEIGHT = 120;

    /**
     * One of them.
     *
     * @param style its class in the style sheet
     * @param figure what it comes to, in words
     * @param path of the SVG (SVG 2, section 9.3); it is left where nothing is known
     */
    public record Line(String name, String style, String figure, String path) {}

    private record Series(String name, String style, Function<Activity, @Nullable Double> value) {}

    private static final List<Series> FLOWS = List.of(
            new Series("granted", "granted", activity -> (double) activity.granted()),
            new Series("denied", "denied", activity -> (double) activity.denied()),
            new Series("ended", "ended", activity -> (double) activity.ended()));

    private static final List<Series> LATENCIES = List.of(
            new Series("from a grant to the gateway's word", "granted", Activity::decided),
            new Series("from an end to its being sent", "ended", Activity::revoked));

    /** How many flows were granted, denied and ended. */
    static Chart flows(List<Activity> activity) {
        double most = most(FLOWS, activity);
        return new Chart(
                "Flows",
                count(most),
                begin(activity),
                end(activity),
                FLOWS.stream()
                        .map(series -> line(
                                series,
                                activity,
                                most,
                                count(values(series, activity)
                                        .filter(Objects::nonNull)
                                        .mapToDouble(value -> value)
                                        .sum())))
                        .toList());
    }

    /** How long decisions and revocations took. */
    static Chart latencies(List<Activity> activity) {
        double most = most(LATENCIES, activity);
        return new Chart(
                "Latency, of all but the slowest hundredth",
                milliseconds(most),
                begin(activity),
                end(activity),
                LATENCIES.stream()
                        .map(series -> line(
                                series,
                                activity,
                                most,
                                values(series, activity)
                                        .filter(Objects::nonNull)
                                        .max(Double::compare)
                                        .map(value -> "at most " + milliseconds(value))
                                        .orElse("none")))
                        .toList());
    }

    private static Stream<@Nullable Double> values(Series series, List<Activity> activity) {
        return activity.stream().map(series.value());
    }

    private static double most(List<Series> all, List<Activity> activity) {
        return all.stream()
                .flatMap(series -> values(series, activity))
                .filter(Objects::nonNull)
                .mapToDouble(value -> value)
                .max()
                .orElse(0);
    }

    private static Line line(Series series, List<Activity> activity, double most, String figure) {
        var path = IntStream.range(0, activity.size())
                .mapToObj(step -> point(series, activity, step, most))
                .collect(Collectors.joining());
        return new Line(series.name(), series.style(), figure, path);
    }

    /** Drawn to from the step before, or gone to if nothing is known of that. */
    private static String point(Series series, List<Activity> activity, int step, double most) {
        Double value = series.value().apply(activity.get(step));
        if (value == null) {
            return "";
        }
        boolean after = step > 0 && series.value().apply(activity.get(step - 1)) != null;
        double x = (step + 0.5) * WIDTH / activity.size();
        double y = most == 0 ? HEIGHT - 1 : 1 + (HEIGHT - 2) * (1 - value / most);
        String at = String.format(Locale.ROOT, "%.1f %.1f", x, y);
        // One step alone is a dot: a line of no length with round ends.
        return after ? "L" + at : "M" + at + "L" + at;
    }

    private static Instant begin(List<Activity> activity) {
        return activity.getFirst().at();
    }

    private static Instant end(List<Activity> activity) {
        return activity.getLast().at();
    }

    private static String count(double value) {
        return String.format(Locale.ROOT, "%,d", (long) value);
    }

    private static String milliseconds(double value) {
        return value < 10
                ? String.format(Locale.ROOT, "%.1f ms", value)
                : String.format(Locale.ROOT, "%,d ms", Math.round(value));
    }
}
