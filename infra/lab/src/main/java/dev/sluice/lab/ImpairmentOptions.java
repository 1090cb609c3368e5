package dev.sluice.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** An {@link Impairment} as options of a command line. */
final class ImpairmentOptions {
    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(us|ms|s)");
    private static final Pattern PERCENT = Pattern.compile("(\\d+(?:\\.\\d+)?)%");
    private static final Pattern RATE = Pattern.compile("(\\d+(?:\\.\\d+)?)(k|m|g)bit", Pattern.CASE_INSENSITIVE);

    @Option(names = "--delay", paramLabel = "20ms", description = "how long every frame takes")
    @Nullable String delay;

    @Option(names = "--jitter", paramLabel = "5ms", description = "the most by which a frame's delay differs")
    @Nullable String jitter;

    @Option(names = "--loss", paramLabel = "5%%", description = "how many frames are lost")
    @Nullable String loss;

    @Option(names = "--duplicate", paramLabel = "1%%", description = "how many frames arrive twice")
    @Nullable String duplicate;

    @Option(names = "--reorder", paramLabel = "2%%", description = "how many frames are overtaken by later ones")
    @Nullable String reorder;

    @Option(names = "--rate", paramLabel = "100mbit", description = "what the wire carries in a second")
    @Nullable String rate;

    @Option(names = "--seed", paramLabel = "7", description = "what the randomness starts from (default: a random one)")
    @Nullable Long seed;

    /** The impairment; {@code seeds} gives the seed that was not named. */
    Impairment impairment(LongSupplier seeds) {
        return new Impairment(
                duration(delay),
                duration(jitter),
                fraction(loss),
                fraction(duplicate),
                fraction(reorder),
                rate(rate),
                seed == null ? seeds.getAsLong() : seed);
    }

    /** The options that give {@code impairment}. */
    static List<String> format(Impairment impairment) {
        List<String> options = new ArrayList<>();
        options.addAll(List.of("--delay", impairment.delay().toNanos() / 1_000 + "us"));
        options.addAll(List.of("--jitter", impairment.jitter().toNanos() / 1_000 + "us"));
        options.addAll(List.of("--loss", percent(impairment.loss())));
        options.addAll(List.of("--duplicate", percent(impairment.duplicate())));
        options.addAll(List.of("--reorder", percent(impairment.reorder())));
        options.addAll(List.of("--rate", impairment.bitsPerSecond() / 1_000 + "kbit"));
        options.addAll(List.of("--seed", Long.toString(impairment.seed())));
        return options;
    }

    private static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.4f%%", fraction * 100);
    }

    private static Duration duration(@Nullable String text) {
        if (text == null) {
            return Duration.ZERO;
        }
        Matcher matcher = match(DURATION, text, "a duration such as 20ms, 500us or 1s");
        long unit = switch (matcher.group(2)) {
            case "us" -> 1_000;
            case "ms" -> 1_000_000;
            default -> 1_000_000_000;
        };
        return Duration.ofNanos(Math.round(Double.parseDouble(matcher.group(1)) * unit));
    }

    private static double fraction(@Nullable String text) {
        return text == null
                ? 0
                : Double.parseDouble(match(PERCENT, text, "a share such as 5%").group(1)) / 100;
    }

    private static long rate(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        Matcher matcher = match(RATE, text, "a rate such as 100mbit");
        long unit = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "k" -> 1_000;
            case "m" -> 1_000_000;
            default -> 1_000_000_000;
        };
        return Math.round(Double.parseDouble(matcher.group(1)) * unit);
    }

    private static Matcher match(Pattern pattern, String text, String expected) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new LabException(text + " is not " + expected);
        }
        return matcher;
    }
}
