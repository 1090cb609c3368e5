package dev.sluice.functions.entity;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is wanted.
 *
 * @param limit at most so many
 * @param cursor where the page before, or the one after, ended; null for the first page
 * @param order of the whole list
 */
public record PageRequest(int limit, @Nullable Cursor cursor, Order order) {
    /** In which order a list is. */
    public enum Order {
        /** Of their making. */
        MADE,
        /** The one that was made last is the first. */
        LATEST,
        /** Of their names, in whatever case; of their making where they have none. */
        NAME
    }

    public static final int MOST = 100;

    /** A list that is longer is not counted. */
    static final int COUNTED = 10_000;

    /** The thing beside which a page begins. */
    public record Cursor(UUID at, boolean backwards) {}

    /** In the order of their making. */
    public PageRequest(int limit, @Nullable Cursor cursor) {
        this(limit, cursor, Order.MADE);
    }

    /** The same part of the list in this order. */
    public PageRequest in(Order wanted) {
        return new PageRequest(limit, cursor, wanted);
    }

    /** From the beginning. */
    public static PageRequest first(int limit) {
        return new PageRequest(limit, null);
    }

    /** How long a list is, of which at most one more than {@link #COUNTED} was counted; null if it is longer. */
    static @Nullable Long counted(long count) {
        return count > COUNTED ? null : count;
    }

    /** The thing beside which the page begins, that one left out; null at an end of the list. */
    public @Nullable UUID from() {
        return cursor == null ? null : cursor.at();
    }

    /** Whether they are to be looked for from the greatest on. */
    boolean isDescending() {
        return isBackwards() != (order == Order.LATEST);
    }

    /** Whether the page ends there, and does not begin. */
    public boolean isBackwards() {
        return cursor != null && cursor.backwards();
    }

    /**
     * What was found, as a page.
     *
     * @param found in the order in which they were looked for, one more than the limit if there are more
     * @param count of the whole list; null where nobody counts it
     */
    public <T> Page<T> page(List<T> found, @Nullable Long count, Function<T, UUID> id) {
        boolean more = found.size() > limit;
        var rows = new ArrayList<>(more ? found.subList(0, limit) : found);
        if (isBackwards()) {
            Collections.reverse(rows);
        }
        boolean before = isBackwards() ? more : cursor != null;
        boolean after = isBackwards() || more;
        return new Page<>(
                rows,
                count,
                before && !rows.isEmpty() ? new Cursor(id.apply(rows.getFirst()), true) : null,
                after && !rows.isEmpty() ? new Cursor(id.apply(rows.getLast()), false) : null);
    }
}
