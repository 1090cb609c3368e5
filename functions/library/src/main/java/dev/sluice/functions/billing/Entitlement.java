package dev.sluice.functions.billing;

import dev.sluice.functions.plan.Feature;
import dev.sluice.functions.plan.Limit;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription gives: the product's metadata, and over it the subscription's own. A limit that is {@code unlimited}, or
 * does not stand there, is none; a feature that does not stand there is off; keys that nobody knows mean nothing.
 *
 * @param limits of those that there are
 */
record Entitlement(
        Map<Limit, Long> limits,
        Set<Feature> features,
        @Nullable String supportType) {
    private static final String UNLIMITED = "unlimited";
    private static final String SUPPORT = "support_type";

    /**
     * @param quantity how many users are subscribed to where no metadata says so; null where nobody counts
     * @throws StripeFailure when a limit is no number
     */
    static Entitlement of(Map<String, String> product, Map<String, String> subscription, @Nullable Long quantity) {
        Map<String, String> metadata = new HashMap<>(product);
        metadata.putAll(subscription);
        Map<Limit, Long> limits = new EnumMap<>(Limit.class);
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        boolean users = false;
        for (var entry : metadata.entrySet()) {
            var limit = Limit.ofMetadata(entry.getKey());
            if (limit.isPresent()) {
                users |= limit.get() == Limit.USERS;
                if (!entry.getValue().equals(UNLIMITED)) {
                    limits.put(limit.get(), number(entry.getKey(), entry.getValue()));
                }
            } else if (entry.getValue().equals("true")) {
                Feature.of(entry.getKey()).ifPresent(features::add);
            }
        }
        if (!users && quantity != null) {
            limits.put(Limit.USERS, quantity);
        }
        return new Entitlement(limits, features, metadata.get(SUPPORT));
    }

    private static long number(String key, String value) {
        if (!value.matches("[0-9]{1,9}")) {
            throw StripeFailure.lasting("metadata: " + key + " is neither a number nor " + UNLIMITED);
        }
        return Long.parseLong(value);
    }
}
