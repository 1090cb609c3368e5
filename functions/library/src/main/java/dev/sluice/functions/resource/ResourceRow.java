package dev.sluice.functions.resource;

import dev.sluice.channel.Filter;
import dev.sluice.channel.Resource;
import dev.sluice.channel.Site;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A resource as it stands in the database.
 *
 * @param address a name, a network in CIDR notation, or a single address; null for the internet
 */
public record ResourceRow(
        UUID id,
        ResourceType type,
        String name,
        @Nullable String address,
        @Nullable String addressDescription,
        @Nullable String ipStack,
        List<Filter> filters,
        List<Site> sites) {
    public ResourceRow {
        filters = List.copyOf(filters);
        sites = List.copyOf(sites);
    }

    /** As devices are shown it: a single address is a network with the full prefix length. */
    public Resource view() {
        String where = address == null ? "" : address;
        return switch (type) {
            case INTERNET -> new Resource.Internet(id, sites);
            case CIDR -> new Resource.Cidr(id, name, where, addressDescription, sites, filters);
            case IP ->
                new Resource.Cidr(
                        id, name, where + (where.contains(":") ? "/128" : "/32"), addressDescription, sites, filters);
            case DNS -> new Resource.Dns(id, name, where, addressDescription, sites, filters, stack());
        };
    }

    private Resource.IpStack stack() {
        for (var stack : Resource.IpStack.values()) {
            if (stack.wire().equals(ipStack)) {
                return stack;
            }
        }
        return Resource.IpStack.DUAL;
    }
}
