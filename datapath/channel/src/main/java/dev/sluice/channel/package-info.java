/**
 * The wire between the portal and its devices: the frames of one WebSocket, the messages in them, and the codec.
 * Records and Jackson only; used by the portal and by the data path, so neither Netty nor Quarkus belongs here.
 */
@NullMarked
package dev.sluice.channel;

import org.jspecify.annotations.NullMarked;
