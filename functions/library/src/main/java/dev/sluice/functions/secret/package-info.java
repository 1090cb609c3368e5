/** Secrets of others that the portal has to show again: sealed where they are kept, and opened only to be used. */
@NullMarked
package dev.sluice.functions.secret;

import org.jspecify.annotations.NullMarked;
