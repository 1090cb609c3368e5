/**
 * The device's end of the channel to the portal: join, heartbeats, replies and reconnection, without the socket, which
 * lives in {@code io}; and what a device is to the shell that joins the two. Pure.
 */
@NullMarked
package dev.sluice.datapath.portal;

import org.jspecify.annotations.NullMarked;
