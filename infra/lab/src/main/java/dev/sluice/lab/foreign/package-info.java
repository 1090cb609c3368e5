/** Clients and gateways of another make on the portal's host, in any number: what they were told, held against what holds. */
@NullMarked
package dev.sluice.lab.foreign;

import org.jspecify.annotations.NullMarked;
