/**
 * The decision: one transaction that locks what it rests on, evaluates, and writes the flow, the audit and the outbox.
 */
@NullMarked
package dev.sluice.functions.flow;

import org.jspecify.annotations.NullMarked;
