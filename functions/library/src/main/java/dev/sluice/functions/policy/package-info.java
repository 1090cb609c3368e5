/**
 * Policies: which group may reach which resource under which conditions, and the pure evaluation of that.
 */
@NullMarked
package dev.sluice.functions.policy;

import org.jspecify.annotations.NullMarked;
