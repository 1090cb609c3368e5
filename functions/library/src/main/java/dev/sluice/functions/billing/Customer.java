package dev.sluice.functions.billing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A customer, as Stripe has it now.
 *
 * @param deleted then there is nothing else of it
 */
record Customer(
        String id, @Nullable String name, @Nullable String email, Map<String, String> metadata, boolean deleted) {}
