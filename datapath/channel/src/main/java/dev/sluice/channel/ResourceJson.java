package dev.sluice.channel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.channel.Filter.PortRange;
import dev.sluice.channel.Filter.Protocol;
import dev.sluice.channel.Resource.IpStack;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A resource in the client's view and in the gateway's. */
final class ResourceJson {
    private static final int LAST_PORT = 65535;

    private ResourceJson() {}

    static ObjectNode forClient(Resource resource) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("id", resource.id().toString());
        switch (resource) {
            case Resource.Cidr cidr -> {
                described(json, "cidr", cidr.name(), cidr.address(), cidr.addressDescription());
                json.set("gateway_groups", sites(cidr.sites()));
                json.set("filters", filters(cidr.filters()));
            }
            case Resource.Dns dns -> {
                described(json, "dns", dns.name(), dns.address(), dns.addressDescription());
                json.set("gateway_groups", sites(dns.sites()));
                json.set("filters", filters(dns.filters()));
                json.put("ip_stack", dns.ipStack().wire());
            }
            case Resource.Internet internet -> {
                json.put("type", "internet");
                json.set("gateway_groups", sites(internet.sites()));
                json.put("can_be_disabled", true);
            }
        }
        return json;
    }

    static ObjectNode forGateway(Resource resource) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("id", resource.id().toString());
        switch (resource) {
            case Resource.Cidr cidr -> {
                json.put("type", "cidr").put("name", cidr.name()).put("address", cidr.address());
                json.set("filters", filters(cidr.filters()));
            }
            case Resource.Dns dns -> {
                json.put("type", "dns").put("name", dns.name()).put("address", dns.address());
                json.set("filters", filters(dns.filters()));
            }
            case Resource.Internet internet -> json.put("type", "internet");
        }
        return json;
    }

    static Resource read(Fields fields) {
        return switch (fields.text("type")) {
            case "cidr" ->
                new Resource.Cidr(
                        fields.id("id"),
                        fields.text("name"),
                        fields.text("address"),
                        fields.optionalText("address_description"),
                        readSites(fields),
                        readFilters(fields));
            case "dns" ->
                new Resource.Dns(
                        fields.id("id"),
                        fields.text("name"),
                        fields.text("address"),
                        fields.optionalText("address_description"),
                        readSites(fields),
                        readFilters(fields),
                        readIpStack(fields.optionalText("ip_stack")));
            case "internet" -> new Resource.Internet(fields.id("id"), readSites(fields));
            default -> throw new Fields.Missing("type");
        };
    }

    private static void described(
            ObjectNode json, String type, String name, String address, @Nullable String description) {
        json.put("type", type);
        json.put("name", name);
        json.put("address", address);
        json.put("address_description", description);
    }

    private static ArrayNode sites(List<Site> sites) {
        var array = JsonNodeFactory.instance.arrayNode();
        for (var site : sites) {
            array.addObject().put("id", site.id().toString()).put("name", site.name());
        }
        return array;
    }

    private static ArrayNode filters(List<Filter> filters) {
        var array = JsonNodeFactory.instance.arrayNode();
        for (var filter : filters) {
            var json = array.addObject().put("protocol", filter.protocol().wire());
            var ports = filter.ports();
            if (ports != null) {
                json.put("port_range_start", ports.start()).put("port_range_end", ports.end());
            }
        }
        return array;
    }

    private static List<Site> readSites(Fields fields) {
        return fields.list("gateway_groups", site -> new Site(site.id("id"), site.text("name")));
    }

    /** One bad filter makes the resource bad: without it the rest could be empty, and that lets everything pass. */
    private static List<Filter> readFilters(Fields fields) {
        return fields.strictList("filters", filter -> {
            var protocol = switch (filter.text("protocol")) {
                case "tcp" -> Protocol.TCP;
                case "udp" -> Protocol.UDP;
                case "icmp" -> Protocol.ICMP;
                default -> throw new Fields.Missing("protocol");
            };
            if (!filter.has("port_range_start") && !filter.has("port_range_end")) {
                return Filter.all(protocol);
            }
            int start = filter.has("port_range_start") ? filter.port("port_range_start") : 0;
            int end = filter.has("port_range_end") ? filter.port("port_range_end") : LAST_PORT;
            if (start < 0 || end > LAST_PORT || start > end) {
                throw new Fields.Missing("port_range_end");
            }
            return new Filter(protocol, new PortRange(start, end));
        });
    }

    private static IpStack readIpStack(@Nullable String wire) {
        return switch (wire) {
            case "ipv4_only" -> IpStack.IPV4_ONLY;
            case "ipv6_only" -> IpStack.IPV6_ONLY;
            case null, default -> IpStack.DUAL;
        };
    }
}
