package dev.sluice.functions.sql;

import java.util.Collection;
import java.util.UUID;

/**
 * An array parameter whose type does not depend on whether it is empty: a statement whose parameters change their types is
 * parsed and planned anew.
 *
 * @param type of the elements, as PostgreSQL calls it
 */
public record TypedArray(String type, Collection<?> values) {
    public static TypedArray ofIds(Collection<UUID> ids) {
        return new TypedArray("uuid", ids);
    }

    public static TypedArray ofNumbers(Collection<Long> numbers) {
        return new TypedArray("bigint", numbers);
    }
}
