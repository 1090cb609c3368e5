/**
 * Channels: the devices' sockets, the outbox that feeds them through one ordered writer each, and the snapshots they start
 * from.
 */
@NullMarked
package dev.sluice.functions.stream;

import org.jspecify.annotations.NullMarked;
