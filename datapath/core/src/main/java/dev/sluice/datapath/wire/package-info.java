/**
 * Codecs and flyweights over byte arrays: IP, ICMP, UDP, TCP, WireGuard messages, STUN and control packets, and the
 * batches and ledgers that packets travel in. Pure: no I/O, and it uses no other package of the data path.
 */
@NullMarked
package dev.sluice.datapath.wire;

import org.jspecify.annotations.NullMarked;
