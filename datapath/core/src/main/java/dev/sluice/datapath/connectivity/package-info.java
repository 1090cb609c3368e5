/**
 * How two devices reach each other: candidates, the ICE agent and the connections that join it with WireGuard. Pure;
 * uses {@code wire}, {@code crypto} and {@code wireguard}, and knows nothing of resources or of the portal.
 */
@NullMarked
package dev.sluice.datapath.connectivity;

import org.jspecify.annotations.NullMarked;
