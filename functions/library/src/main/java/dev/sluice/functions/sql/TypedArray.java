package dev.sluice.functions.sql;

import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An array parameter whose type does not depend on whether it is empty: a statement whose parameters change their types is
 * parsed and planned anew.
 *
 * @param type of the elements, as PostgreSQL calls it
 */
public record TypedArray(String type, Collection<?> values) {
    /** Of ids, some of which may be missing. */
    public static TypedArray ofIds(Collection<? extends @Nullable UUID> ids) {
        return new TypedArray("uuid", ids);
    }

    /** Of texts, some of which may be missing. */
    public static TypedArray ofTexts(Collection<? extends @Nullable String> texts) {
        return new TypedArray("text", texts);
    }

    public static TypedArray ofFlags(Collection<Boolean> flags) {
        return new TypedArray("boolean", flags);
    }

    public static TypedArray ofNumbers(Collection<Long> numbers) {
        return new TypedArray("bigint", numbers);
    }

    public static TypedArray ofTimes(Collection<Instant> times) {
        return new TypedArray(
                "timestamptz", times.stream().map(Instant::toString).toList());
    }
}
