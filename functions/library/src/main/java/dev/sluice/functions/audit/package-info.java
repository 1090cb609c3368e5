/**
 * The record of what was decided, and why.
 */
@NullMarked
package dev.sluice.functions.audit;

import org.jspecify.annotations.NullMarked;
