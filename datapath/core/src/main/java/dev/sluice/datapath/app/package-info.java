/**
 * The processes: command line, configuration, feature flags, health, status and metrics. Wires the pure state machines
 * to {@code io} and owns their threads.
 */
@NullMarked
package dev.sluice.datapath.app;

import org.jspecify.annotations.NullMarked;
