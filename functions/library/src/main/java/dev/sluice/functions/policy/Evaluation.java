package dev.sluice.functions.policy;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the conditions of one policy say about a subject. */
public sealed interface Evaluation {
    /** All hold, until {@code expiresAt}; null is for ever. */
    record Conforms(@Nullable Instant expiresAt) implements Evaluation {}

    /** These properties do not hold, in the policy's order, each once. */
    record Violates(List<String> properties) implements Evaluation {}
}
