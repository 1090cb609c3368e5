package dev.sluice.functions.resource;

import dev.sluice.functions.address.IpNetwork;
import dev.sluice.functions.address.Rfc5952;
import dev.sluice.functions.sql.RequestException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which addresses a resource may have, and their one form. */
final class ResourceAddress {
    private static final Pattern LABEL = Pattern.compile("[\\p{L}\\p{Nd}*?]([\\p{L}\\p{Nd}*?-]*[\\p{L}\\p{Nd}*?])?");
    private static final Pattern WILDCARDS = Pattern.compile("[*?]+");

    /** Top-level domains under which anybody may have a name: a pattern for all of one is a mistake. So are the two-letter ones. */
    private static final Set<String> COMMON_TOP_LEVEL =
            Set.of("com", "org", "net", "edu", "gov", "mil", "biz", "info", "name", "mobi", "pro");

    /** The tunnel's own networks, the hosts' own addresses, and what would be everything. */
    private static final List<IpNetwork> RESERVED = Stream.of(
                    "0.0.0.0", "::", "127.0.0.0/8", "::1", "100.64.0.0/10", "fd00:2021:1111::/48")
            .map(IpNetwork::parse)
            .flatMap(Optional::stream)
            .toList();

    private static final String FIELD = "address";

    private ResourceAddress() {}

    /** @throws RequestException when the address cannot be a resource of this type */
    static @Nullable String normalise(ResourceType type, @Nullable String address) {
        if (type == ResourceType.INTERNET) {
            if (address != null) {
                throw RequestException.argument(FIELD, "The internet resource has no address.");
            }
            return null;
        }
        if (address == null || address.isBlank()) {
            throw RequestException.argument(FIELD, "A resource of type " + type.word() + " needs an 'address'.");
        }
        return switch (type) {
            case IP -> ip(address);
            case CIDR -> cidr(address);
            case DNS -> dns(address);
            case INTERNET -> throw new IllegalStateException();
        };
    }

    private static String ip(String address) {
        var literal = IpNetwork.literal(address)
                .orElseThrow(() -> RequestException.argument(FIELD, "'" + address + "' is no IP address."));
        allowed(new IpNetwork(literal, literal.getAddress().length * 8), address);
        return Rfc5952.format(literal.getAddress());
    }

    private static String cidr(String address) {
        var network = IpNetwork.parse(address)
                .filter(parsed -> address.contains("/"))
                .orElseThrow(() ->
                        RequestException.argument(FIELD, "'" + address + "' is no network. Write it as 10.1.0.0/16."));
        allowed(network, address);
        return Rfc5952.format(network.start()) + "/" + network.length();
    }

    private static String dns(String address) {
        var labels = List.of(address.split("\\.", -1));
        var top = labels.getLast().toLowerCase(Locale.ROOT);
        boolean valid = address.length() <= 253
                && IpNetwork.parse(address).isEmpty()
                && !top.matches("[0-9]*")
                && !top.matches(".*[*?].*|localhost");
        for (var label : labels) {
            valid &= label.length() <= 63
                    && LABEL.matcher(label).matches()
                    && (!label.contains("**") || label.equals("**"));
        }
        if (!valid) {
            throw RequestException.argument(FIELD, "'" + address + "' is no domain name that a resource can have.");
        }
        var below = labels.subList(0, labels.size() - 1);
        if (!below.isEmpty()
                && (COMMON_TOP_LEVEL.contains(top) || top.matches("[a-z]{2}"))
                && below.stream().allMatch(label -> WILDCARDS.matcher(label).matches())) {
            throw RequestException.argument(
                    FIELD,
                    "'" + address + "' would be every name under '" + top + "'. Name the domain, as in *.example." + top
                            + ".");
        }
        return address;
    }

    private static void allowed(IpNetwork network, String address) {
        if (RESERVED.stream().anyMatch(network::overlaps)) {
            throw RequestException.argument(
                    FIELD,
                    "'" + address
                            + "' overlaps addresses that belong to the host or the tunnel (127.0.0.0/8, 100.64.0.0/10,"
                            + " fd00:2021:1111::/48) or covers everything.");
        }
    }
}
