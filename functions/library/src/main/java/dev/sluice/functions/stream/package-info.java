/**
 * Channels: who is let in, the outbox that feeds each device through one ordered writer, and the snapshots that they start
 * from. A wire to a device is a {@link dev.sluice.functions.stream.Connection}; what it is made of is the application's.
 */
@NullMarked
package dev.sluice.functions.stream;

import org.jspecify.annotations.NullMarked;
