/**
 * The Client's state machine: resources, pending flows, denials and re-authorization. Pure: packets, messages and
 * timeouts come in with the time; packets, messages and settings for the device go out.
 */
@NullMarked
package dev.sluice.datapath.client;

import org.jspecify.annotations.NullMarked;
