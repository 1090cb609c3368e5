package dev.sluice.functions.entity;

import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list that a statement makes, read in pages in the order of its ids: of what decides, and of what several tables say
 * together.
 *
 * <pre>
 * SELECT columns FROM from WHERE conditions AND key &gt; cursor ORDER BY key LIMIT limit + 1
 * </pre>
 */
public final class Listing {
    private final String columns;
    private final String from;
    private final String key;
    private final StringBuilder conditions = new StringBuilder("true");
    private final List<@Nullable Object> parameters = new ArrayList<>();
    private Function<UUID, Object> position = id -> id;
    private boolean latestFirst;
    private boolean counted = true;

    /**
     * @param columns what is selected
     * @param from tables, joined
     * @param key the column by which it is ordered, an id
     */
    public Listing(String columns, String from, String key) {
        this.columns = columns;
        this.from = from;
        this.key = key;
    }

    /** Only rows of which this holds. */
    public Listing where(String condition, @Nullable Object... values) {
        conditions.append(" AND ").append(condition);
        Collections.addAll(parameters, values);
        return this;
    }

    /** Only rows whose column has this value; any if it is null. */
    public Listing with(String column, @Nullable Object value) {
        return value == null ? this : where(column + " = ?", value);
    }

    /** Only rows that are called so: one of these columns has this very value; any if it is null. */
    public Listing called(@Nullable String reference, String... columns) {
        if (reference == null) {
            return this;
        }
        return where(
                "(" + String.join(" = ? OR ", columns) + " = ?)",
                Collections.nCopies(columns.length, reference).toArray());
    }

    /** The key is a number, as a history has them: the latest comes first, and nobody counts them all. */
    public Listing asHistory() {
        position = UUID::getLeastSignificantBits;
        latestFirst = true;
        return uncounted();
    }

    /** Nobody counts them all: that would take longer than a page. */
    public Listing uncounted() {
        counted = false;
        return this;
    }

    /** How {@link #asHistory} says a number where an id is wanted. */
    public static UUID id(long number) {
        return new UUID(0, number);
    }

    /** The part that is wanted. */
    public <T> Page<T> page(Transaction transaction, PageRequest request, Function<Row, T> read, Function<T, UUID> id) {
        Long count = counted
                ? PageRequest.counted(transaction.one(
                        "SELECT count(*) FROM (SELECT FROM " + from + " WHERE " + conditions + " LIMIT "
                                + (PageRequest.COUNTED + 1) + ") AS counted",
                        row -> row.number("count"),
                        parameters.toArray()))
                : null;
        boolean descending = latestFirst ? !request.isBackwards() : request.isDescending();
        var values = new ArrayList<>(parameters);
        var sql = new StringBuilder("SELECT ").append(columns).append(" FROM ").append(from);
        sql.append(" WHERE ").append(conditions);
        var at = request.from();
        if (at != null) {
            sql.append(" AND ").append(key).append(descending ? " < ?" : " > ?");
            values.add(position.apply(at));
        }
        sql.append(" ORDER BY ").append(key).append(descending ? " DESC" : "").append(" LIMIT ?");
        values.add(request.limit() + 1);
        return request.page(transaction.list(sql.toString(), read, values.toArray()), count, id);
    }
}
