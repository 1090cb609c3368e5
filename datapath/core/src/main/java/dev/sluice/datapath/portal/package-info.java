/**
 * The device's end of the channel to the portal: join, heartbeats, replies and reconnection, without the socket, which
 * lives in {@code io}. Pure.
 */
@NullMarked
package dev.sluice.datapath.portal;

import org.jspecify.annotations.NullMarked;
