package dev.sluice.functions.policy;

import dev.sluice.functions.address.IpNetwork;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Holds conditions against a subject. Pure: the same values give the same answer. */
public final class ConditionEvaluator {
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /**
     * What became of a condition.
     *
     * @param seen what it was held against; null where that is not known
     * @param until how long it holds; null for ever, or where it does not
     */
    public record Finding(
            Condition condition,
            boolean holds,
            @Nullable String seen,
            @Nullable Instant until) {}

    private sealed interface Outcome {
        record Holds(@Nullable Instant until) implements Outcome {}

        record Fails() implements Outcome {}
    }

    private ConditionEvaluator() {}

    public static Evaluation evaluate(List<Condition> conditions, Subject subject) {
        var violated = new ArrayList<String>();
        Instant earliest = null;
        for (var condition : conditions) {
            var finding = look(condition, subject);
            if (finding.holds()) {
                earliest = earlier(earliest, finding.until());
            } else if (!violated.contains(condition.property())) {
                violated.add(condition.property());
            }
        }
        return violated.isEmpty() ? new Evaluation.Conforms(earliest) : new Evaluation.Violates(violated);
    }

    /** What becomes of one condition, and because of what. */
    public static Finding look(Condition condition, Subject subject) {
        var seen = seen(condition.property(), subject);
        return switch (outcome(condition, subject)) {
            case Outcome.Holds holds -> new Finding(condition, true, seen, holds.until());
            case Outcome.Fails fails -> new Finding(condition, false, seen, null);
        };
    }

    /** By property, what conditions on it are held against; without what is not known. */
    static Map<String, String> seen(List<String> properties, Subject subject) {
        var seen = new HashMap<String, String>();
        for (var property : properties) {
            var value = seen(property, subject);
            if (value != null) {
                seen.put(property, value);
            }
        }
        return seen;
    }

    private static @Nullable String seen(String property, Subject subject) {
        return switch (property) {
            case Condition.REGION -> subject.region();
            case Condition.PROVIDER -> subject.providerId();
            case Condition.REMOTE_IP -> subject.remoteIp();
            case Condition.VERIFIED -> Boolean.toString(subject.verified());
            case Condition.TIME -> subject.now().toString();
            default -> null;
        };
    }

    /** The earlier of two times, where null is for ever. */
    static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }

    /** Whether the values of a condition can be read at all. */
    static boolean isReadable(Condition condition) {
        return switch (condition.property()) {
            case Condition.REMOTE_IP ->
                condition.values().stream().allMatch(v -> IpNetwork.parse(v).isPresent());
            case Condition.REGION -> condition.values().stream().allMatch(Regions::isKnown);
            case Condition.TIME -> condition.values().stream().allMatch(TimeRanges::isReadable);
            case Condition.VERIFIED -> condition.values().stream().allMatch(v -> v.equals("true") || v.equals("false"));
            case Condition.PROVIDER -> condition.values().stream().allMatch(ID.asMatchPredicate());
            default -> false;
        };
    }

    private static Outcome outcome(Condition condition, Subject subject) {
        return switch (condition.property()) {
            case Condition.REGION ->
                isReadable(condition) ? membership(condition, Regions.code(subject.region())) : new Outcome.Fails();
            case Condition.PROVIDER -> membership(condition, subject.providerId());
            case Condition.REMOTE_IP -> remoteIp(condition, subject.remoteIp());
            case Condition.VERIFIED ->
                holds(condition.operator().equals("is")
                        && (subject.verified() || !condition.values().contains("true")));
            case Condition.TIME ->
                condition.operator().equals("is_in_day_of_week_time_ranges")
                        ? TimeRanges.end(condition.values(), subject.now())
                                .<Outcome>map(Outcome.Holds::new)
                                .orElseGet(Outcome.Fails::new)
                        : new Outcome.Fails();
            default -> new Outcome.Fails();
        };
    }

    private static Outcome membership(Condition condition, @Nullable String value) {
        if (value == null) {
            return new Outcome.Fails();
        }
        return switch (condition.operator()) {
            case "is_in" -> holds(isAmong(value, condition));
            case "is_not_in" -> holds(!isAmong(value, condition));
            default -> new Outcome.Fails();
        };
    }

    private static boolean isAmong(String value, Condition condition) {
        return condition.values().stream().anyMatch(value::equalsIgnoreCase);
    }

    private static Outcome remoteIp(Condition condition, @Nullable String address) {
        if (address == null || !isReadable(condition)) {
            return new Outcome.Fails();
        }
        var literal = IpNetwork.literal(address);
        if (literal.isEmpty()) {
            return new Outcome.Fails();
        }
        var origin = new IpNetwork(literal.get(), literal.get().getAddress().length * 8)
                .unmapped()
                .address();
        boolean inside = condition.values().stream()
                .map(IpNetwork::parse)
                .flatMap(Optional::stream)
                .map(IpNetwork::unmapped)
                .anyMatch(network -> network.contains(origin));
        return switch (condition.operator()) {
            case "is_in_cidr" -> holds(inside);
            case "is_not_in_cidr" -> holds(!inside);
            default -> new Outcome.Fails();
        };
    }

    private static Outcome holds(boolean holds) {
        return holds ? new Outcome.Holds(null) : new Outcome.Fails();
    }
}
