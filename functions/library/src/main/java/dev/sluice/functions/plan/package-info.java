/**
 * What an account may have and do: how many of what, and which features. Whoever adds something asks here before; nothing
 * that is there is taken away. Who sets it is not known here.
 */
@NullMarked
package dev.sluice.functions.plan;

import org.jspecify.annotations.NullMarked;
