/** Devices of another make: the portal's wire without anything of ours behind it. */
@NullMarked
package dev.sluice.peer;

import org.jspecify.annotations.NullMarked;
