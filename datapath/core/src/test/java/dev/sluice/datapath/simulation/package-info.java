/**
 * Clients and gateways against each other in memory: the real state machines, on one virtual clock, over a network that
 * delays, loses, reorders and duplicates as its seed says, with a stub of the portal and applications that use what
 * they get. The invariants are checked with every packet and every second.
 *
 * <p>A host, an event or a fault is one line: see {@link dev.sluice.datapath.simulation.World} and
 * {@link dev.sluice.datapath.simulation.Fault}.
 */
@NullMarked
package dev.sluice.datapath.simulation;

import org.jspecify.annotations.NullMarked;
