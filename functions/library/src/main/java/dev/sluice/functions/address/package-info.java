/**
 * IP addresses as text: networks, their one form, and where a request comes from. Pure: no name is ever looked up.
 */
@NullMarked
package dev.sluice.functions.address;

import org.jspecify.annotations.NullMarked;
