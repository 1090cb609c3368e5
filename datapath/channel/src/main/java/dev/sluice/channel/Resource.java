package dev.sluice.channel;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something protected that clients reach through a gateway, as the portal shows it to a device. A gateway is shown no
 * sites, descriptions or IP stacks: there {@link #sites()} is empty.
 */
public sealed interface Resource {
    UUID id();

    String name();

    /** The sites whose gateways serve it. */
    List<Site> sites();

    /** What may pass; empty lets everything pass. */
    List<Filter> filters();

    /**
     * Addresses.
     *
     * @param address a network in CIDR notation; a single host has the full prefix length
     */
    record Cidr(
            UUID id,
            String name,
            String address,
            @Nullable String addressDescription,
            List<Site> sites,
            List<Filter> filters)
            implements Resource {
        public Cidr {
            sites = List.copyOf(sites);
            filters = List.copyOf(filters);
        }
    }

    /**
     * Names.
     *
     * @param address a domain name, with wildcards
     */
    record Dns(
            UUID id,
            String name,
            String address,
            @Nullable String addressDescription,
            List<Site> sites,
            List<Filter> filters,
            IpStack ipStack)
            implements Resource {
        public Dns {
            sites = List.copyOf(sites);
            filters = List.copyOf(filters);
        }
    }

    /** Everything that no other resource covers. The wire has no name for it. */
    record Internet(UUID id, List<Site> sites) implements Resource {
        public Internet {
            sites = List.copyOf(sites);
        }

        @Override
        public String name() {
            return "Internet Resource";
        }

        @Override
        public List<Filter> filters() {
            return List.of();
        }
    }

    /** The families in which a name is resolved. */
    enum IpStack {
        DUAL("dual"),
        IPV4_ONLY("ipv4_only"),
        IPV6_ONLY("ipv6_only");

        private final String wire;

        IpStack(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }
}
