package dev.sluice.functions.resource;

import dev.sluice.channel.Filter;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A resource to be created.
 *
 * @param address null for the internet only
 * @param siteIds the sites that serve it, at least one
 */
public record NewResource(
        ResourceType type,
        @Nullable String address,
        String name,
        @Nullable String addressDescription,
        List<UUID> siteIds,
        List<Filter> filters) {
    public NewResource {
        siteIds = List.copyOf(siteIds);
        filters = List.copyOf(filters);
    }
}
