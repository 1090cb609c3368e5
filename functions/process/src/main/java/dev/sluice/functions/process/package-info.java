/**
 * The portal as one process: reads the environment, brings up the database, opens the listeners, speaks WebSocket, and stops
 * in order. What the portal does is in the library; here is only what differs from running it as cloud functions.
 */
@NullMarked
package dev.sluice.functions.process;

import org.jspecify.annotations.NullMarked;
