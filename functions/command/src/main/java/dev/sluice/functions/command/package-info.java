/**
 * The portal's command line: turns arguments into one request to the admin listener on this host, and its answer into a
 * table or JSON. It knows no rule of the portal and reads nothing but the admin secret.
 */
@NullMarked
package dev.sluice.functions.command;

import org.jspecify.annotations.NullMarked;
