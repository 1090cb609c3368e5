/**
 * What a packet may do: compiled filters, grants and their expiry. Pure, on {@code wire} and the channel's records; it
 * decides and counts, and never sends.
 */
@NullMarked
package dev.sluice.datapath.policy;

import org.jspecify.annotations.NullMarked;
