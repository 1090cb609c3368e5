package dev.sluice.functions.resource;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A resource as it is shown.
 *
 * @param type {@code dns}, {@code cidr}, {@code ip} or {@code internet}
 * @param address null for the internet
 * @param ipStack {@code dual}, {@code ipv4_only} or {@code ipv6_only}; of names only
 * @param filters what passes; everything if there are none
 * @param connections the sites that serve it
 */
public record ResourceView(
        UUID id,
        String name,
        String type,
        @Nullable String address,
        @Nullable String addressDescription,
        @Nullable String ipStack,
        List<FilterView> filters,
        List<ConnectionView> connections,
        Instant insertedAt,
        long version)
        implements View {}
