package dev.sluice.functions.directory.sync;

import dev.sluice.functions.sql.Transaction;
import java.util.function.Supplier;

/**
 * Has what is staged and what is there be held against each other by going through all of both once. The planner has not
 * seen most of these rows yet, and would look for each by itself.
 */
final class HashJoins {
    private static final String NESTED_LOOPS = "SELECT set_config('enable_nestloop', ?, true)";

    private HashJoins() {}

    /** For the statements that begin within the work. */
    static <T> T within(Transaction transaction, Supplier<T> work) {
        transaction.list(NESTED_LOOPS, row -> true, "off");
        T result = work.get();
        transaction.list(NESTED_LOOPS, row -> true, "on");
        return result;
    }
}
