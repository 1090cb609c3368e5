package dev.sluice.functions.stream;

import dev.sluice.channel.SluiceExtra;
import dev.sluice.functions.sql.Transaction;

/**
 * What the database's clock showed when ours showed that: what is said afterwards is stamped with it, and what has passed
 * since.
 *
 * @param millis of the database's, since 1970
 * @param at of ours, in monotonic nanoseconds
 * @param epoch of what the database held
 */
record Reading(long millis, long at, long epoch) implements Stamp {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Before the database was looked at. */
    static Reading none() {
        return new Reading(System.currentTimeMillis(), System.nanoTime(), 0);
    }

    static Reading of(Transaction transaction) {
        return transaction.one(
                "SELECT now() AS now, current_epoch() AS epoch",
                row -> new Reading(row.instant("now").toEpochMilli(), System.nanoTime(), row.number("epoch")));
    }

    @Override
    public SluiceExtra on(SluiceExtra extra, long sequence) {
        return extra.at(millis + (System.nanoTime() - at) / NANOS_PER_MILLI, epoch, sequence);
    }
}
