package dev.sluice.functions.stream;

import dev.sluice.channel.SluiceExtra;

/** When and where something is said: the database's clock, and the epoch of what it holds. */
@FunctionalInterface
interface Stamp {
    /** What is said now, as number {@code sequence} of its connection. */
    SluiceExtra on(SluiceExtra extra, long sequence);
}
