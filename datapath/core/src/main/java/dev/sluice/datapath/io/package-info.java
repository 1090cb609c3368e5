/**
 * The shell's contact with the host: TUN devices by FFM, UDP and WebSocket by Netty, routes, clocks. The only package
 * that may touch sockets, files and threads beside {@code app}; it decides nothing about packets.
 */
@NullMarked
package dev.sluice.datapath.io;

import org.jspecify.annotations.NullMarked;
