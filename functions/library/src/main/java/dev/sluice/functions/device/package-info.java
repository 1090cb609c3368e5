/**
 * Clients and gateways: their rows, their addresses in the tunnel, their keys, and whether they are here.
 */
@NullMarked
package dev.sluice.functions.device;

import org.jspecify.annotations.NullMarked;
