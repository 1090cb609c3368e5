/**
 * The WireGuard protocol: Noise IKpsk2, cookies, sessions, replay window, timers and the index table. A pure state
 * machine on {@code wire} and {@code crypto}: time and randomness are passed in, packets go out through sinks.
 */
@NullMarked
package dev.sluice.datapath.wireguard;

import org.jspecify.annotations.NullMarked;
