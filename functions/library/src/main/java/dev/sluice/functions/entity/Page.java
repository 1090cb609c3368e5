package dev.sluice.functions.entity;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param count of the whole list; null where nobody counts it, as from 10,000 on
 * @param previous where the page before this one ends; null if this is the first
 * @param next where the page after this one begins; null if this is the last
 */
public record Page<T>(
        List<T> rows, @Nullable Long count, PageRequest.@Nullable Cursor previous, PageRequest.@Nullable Cursor next) {
    /** Nothing. */
    public static <T> Page<T> empty() {
        return new Page<>(List.of(), null, null, null);
    }

    /** The same part, shown otherwise. */
    public <V> Page<V> map(Function<T, V> view) {
        return new Page<>(rows.stream().map(view).toList(), count, previous, next);
    }
}
