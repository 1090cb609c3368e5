/**
 * Requests to addresses that an account's admin has typed: directories, identity providers. They must not become a way into
 * the portal's own network.
 */
@NullMarked
package dev.sluice.functions.outgoing;

import org.jspecify.annotations.NullMarked;
