package dev.sluice.functions.policy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Times of the week in which a policy holds: {@code D/ranges/zone}, where D is one of M T W R F S U (Monday to Sunday), the
 * ranges are {@code 08-12:30,13-17} or {@code true} for the whole day, and the zone is one of the IANA's. No ranges is
 * never on that day.
 */
final class TimeRanges {
    private static final String DAYS = "MTWRFSU";
    private static final LocalTime LAST_SECOND = LocalTime.of(23, 59, 59);

    /** A range that ends with the day's last second ends at midnight: nobody means to be shut out for that second. */
    private static final LocalTime END_OF_DAY = LocalTime.MAX;

    private record Range(LocalTime start, LocalTime end) {}

    private record Day(int day, List<Range> ranges, ZoneId zone) {
        static Day parse(String text) {
            var parts = text.split("/", 3);
            if (parts.length != 3 || parts[0].length() != 1 || DAYS.indexOf(parts[0].charAt(0)) < 0) {
                throw new DateTimeException("no day of the week");
            }
            var ranges = new ArrayList<Range>();
            for (var range : parts[1].isEmpty() ? new String[0] : parts[1].split(",", -1)) {
                ranges.add(range.equals("true") ? new Range(LocalTime.MIN, END_OF_DAY) : range(range));
            }
            return new Day(DAYS.indexOf(parts[0].charAt(0)) + 1, ranges, ZoneId.of(parts[2]));
        }

        private static Range range(String text) {
            var bounds = text.split("-", -1);
            if (bounds.length != 2) {
                throw new DateTimeException("no range");
            }
            var end = time(bounds[1]);
            var range = new Range(time(bounds[0]), end.equals(LAST_SECOND) ? END_OF_DAY : end);
            if (range.start.isAfter(range.end)) {
                throw new DateTimeException("the range ends before it starts");
            }
            return range;
        }

        private static LocalTime time(String text) {
            return LocalTime.parse(text.strip().length() == 2 ? text.strip() + ":00" : text.strip());
        }
    }

    private TimeRanges() {}

    static boolean isReadable(String value) {
        try {
            Day.parse(value);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** The end of the range in which this time lies, both bounds included; empty if it lies in none. */
    static Optional<Instant> end(List<String> values, Instant now) {
        var days = new ArrayList<Day>();
        for (var value : values) {
            if (!isReadable(value)) {
                return Optional.empty();
            }
            days.add(Day.parse(value));
        }
        return days.stream()
                .map(Day::zone)
                .distinct()
                .map(zone -> end(days, zone, now.atZone(zone)))
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder());
    }

    /** Ranges that overlap or touch count as one: 9-12 and 12-17 end at 17. */
    private static Optional<Instant> end(List<Day> days, ZoneId zone, ZonedDateTime now) {
        var ranges = days.stream()
                .filter(day -> day.zone().equals(zone)
                        && day.day() == now.getDayOfWeek().getValue())
                .flatMap(day -> day.ranges().stream())
                .sorted(Comparator.comparing(Range::start))
                .toList();
        LocalTime time = now.toLocalTime();
        LocalTime end = null;
        for (var range : ranges) {
            boolean reached = end == null
                    ? !range.start().isAfter(time) && !range.end().isBefore(time)
                    : !range.start().isAfter(end);
            if (reached && (end == null || range.end().isAfter(end))) {
                end = range.end();
            }
        }
        return end == null ? Optional.empty() : Optional.of(instant(now, end));
    }

    /** This time of the same day; where clocks are put back, the one of the two that comes next. */
    private static Instant instant(ZonedDateTime now, LocalTime end) {
        return end.equals(END_OF_DAY)
                ? now.toLocalDate().plusDays(1).atStartOfDay(now.getZone()).toInstant()
                : ZonedDateTime.ofLocal(now.toLocalDate().atTime(end), now.getZone(), now.getOffset())
                        .toInstant();
    }
}
