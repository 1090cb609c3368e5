/**
 * The Gateway's state machine: peers, grants, filters and the ICMP errors that refuse a packet. Pure: packets, messages
 * and timeouts come in with the time; packets and messages go out.
 */
@NullMarked
package dev.sluice.datapath.gateway;

import org.jspecify.annotations.NullMarked;
