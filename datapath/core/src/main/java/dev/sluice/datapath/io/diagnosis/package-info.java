/**
 * What on a host stands in the way of a client or gateway: settings, routes and firewalls that are the operator's, and
 * what becomes of packets between the tunnel and a resource that does not answer. Looks, and changes nothing.
 */
@NullMarked
package dev.sluice.datapath.io.diagnosis;

import org.jspecify.annotations.NullMarked;
