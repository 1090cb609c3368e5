package dev.sluice.functions.policy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Times of the week in which a policy holds: {@code D/ranges/zone}, where D is one of M T W R F S U (Monday to Sunday), the
 * ranges are {@code 08-12:30,13-17} or {@code true} for the whole day, and the zone is one of the IANA's. No ranges is
 * never on that day. A range that ends before it starts ends on the next day: {@code M/22-06/UTC} is the night from Monday
 * to Tuesday; {@code 24:00} is midnight at the day's end.
 */
final class TimeRanges {
    private static final String DAYS = "MTWRFSU";
    private static final Set<String> MIDNIGHT = Set.of("24", "24:00", "24:00:00");
    private static final LocalTime LAST_SECOND = LocalTime.of(23, 59, 59);

    /** A range that ends with the day's last second ends at midnight: nobody means to be shut out for that second. */
    private static final LocalTime END_OF_DAY = LocalTime.MAX;

    private static final int DAYS_OF_A_WEEK = 7;

    private record Range(LocalTime start, LocalTime end) {
        Span on(LocalDate date) {
            boolean overnight = start.isAfter(end);
            return new Span(date.atTime(start), (overnight ? date.plusDays(1) : date).atTime(end));
        }
    }

    /** A range of one date, on the clock of its zone. */
    private record Span(LocalDateTime start, LocalDateTime end) {}

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
            return new Range(time(bounds[0]), end(bounds[1].strip()));
        }

        private static LocalTime end(String text) {
            if (MIDNIGHT.contains(text)) {
                return END_OF_DAY;
            }
            var end = time(text);
            return end.equals(LAST_SECOND) ? END_OF_DAY : end;
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

    /** Ranges that overlap or touch count as one, also across midnight: 9-12 and 12-17 end at 17. */
    private static Optional<Instant> end(List<Day> days, ZoneId zone, ZonedDateTime now) {
        var spans = new ArrayList<Span>();
        for (int offset = -1; offset <= DAYS_OF_A_WEEK; offset++) {
            var date = now.toLocalDate().plusDays(offset);
            days.stream()
                    .filter(day -> day.zone().equals(zone)
                            && day.day() == date.getDayOfWeek().getValue())
                    .flatMap(day -> day.ranges().stream())
                    .forEach(range -> spans.add(range.on(date)));
        }
        spans.sort(Comparator.comparing(Span::start));
        var time = now.toLocalDateTime();
        LocalDateTime end = null;
        for (var span : spans) {
            boolean reached = end == null
                    ? !span.start().isAfter(time) && !span.end().isBefore(time)
                    : !span.start().isAfter(end.plusNanos(1));
            if (reached && (end == null || span.end().isAfter(end))) {
                end = span.end();
            }
        }
        return end == null ? Optional.empty() : Optional.of(instant(now, end));
    }

    /** This time of the zone; where clocks are put back, the one of the two that comes next. */
    private static Instant instant(ZonedDateTime now, LocalDateTime end) {
        return end.toLocalTime().equals(END_OF_DAY)
                ? end.toLocalDate().plusDays(1).atStartOfDay(now.getZone()).toInstant()
                : ZonedDateTime.ofLocal(end, now.getZone(), now.getOffset()).toInstant();
    }
}
