/**
 * What all REST endpoints have in common (portal-protocol.md section 13): who calls and by which door, envelopes and errors,
 * pages, versions, repeated requests, limits. The endpoints stand with their capabilities; this knows none of them.
 */
@NullMarked
package dev.sluice.functions.api;

import org.jspecify.annotations.NullMarked;
