package dev.sluice.functions.command;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time span as it is typed: {@code 7d}, {@code 12h}, {@code 30m} or {@code 90s}. */
final class Span {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([smhd])");

    private Span() {}

    /** @throws CommandException when it is none */
    static long seconds(String option, String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw CommandException.argument(
                    option, "'" + option + "' is '" + text + "'. Write a time as 7d, 12h, 30m or 90s.");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> amount;
            case "m" -> Duration.ofMinutes(amount).toSeconds();
            case "h" -> Duration.ofHours(amount).toSeconds();
            default -> Duration.ofDays(amount).toSeconds();
        };
    }
}
