package dev.sluice.functions.address;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The proxies whose word about a client counts. A proxy appends to {@code X-Forwarded-For} whom it was called by, and keeps
 * what its caller wrote before that: so the list is read from the right, and the first address that is no trusted proxy is
 * the client. All that stands left of it, anybody may have written.
 */
public final class TrustedProxies {
    private static final Pattern REGION = Pattern.compile("[A-Za-z]{2}");
    private static final Pattern WITH_PORT = Pattern.compile("\\[([^]]*)](?::[0-9]+)?|([0-9.]+):[0-9]+");

    private final List<IpNetwork> networks;

    private TrustedProxies(List<IpNetwork> networks) {
        this.networks = networks;
    }

    /** @throws IllegalArgumentException when one of them is no address and no network */
    public static TrustedProxies of(List<String> texts) {
        var networks = new ArrayList<IpNetwork>();
        for (var text : texts) {
            networks.add(IpNetwork.parse(text)
                    .orElseThrow(
                            () -> new IllegalArgumentException("'" + text + "' is no IP address and no network.")));
        }
        return new TrustedProxies(List.copyOf(networks));
    }

    /**
     * Where a request comes from.
     *
     * @param peer the other end of the connection; its zone is dropped, since no condition can name one
     * @param forwardedFor the values of {@code X-Forwarded-For} in their order
     * @param geoRegion the value of {@code x-geo-location-region}
     * @param geoCoordinates the value of {@code x-geo-location-coordinates}, which counts beside a region alone
     */
    public Origin origin(
            @Nullable String peer,
            List<String> forwardedFor,
            @Nullable String geoRegion,
            @Nullable String geoCoordinates) {
        if (peer == null) {
            return Origin.UNKNOWN;
        }
        var address = IpNetwork.literal(peer.split("%", 2)[0]);
        if (address.isEmpty() || !trusts(address.get())) {
            return new Origin(text(address), null, null);
        }
        var client = text(client(address, entries(forwardedFor)));
        if (geoRegion == null || !REGION.matcher(geoRegion.strip()).matches()) {
            return new Origin(client, null, null);
        }
        var region = geoRegion.strip().toUpperCase(Locale.ROOT);
        var place =
                Optional.ofNullable(geoCoordinates).flatMap(Coordinates::parse).or(() -> Centroids.of(region));
        return new Origin(client, region, place.orElse(null));
    }

    private Optional<InetAddress> client(Optional<InetAddress> peer, List<String> entries) {
        var nearest = peer;
        for (var entry : entries.reversed()) {
            nearest = address(entry);
            if (nearest.isEmpty() || !trusts(nearest.get())) {
                return nearest;
            }
        }
        return nearest;
    }

    private boolean trusts(InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    private static List<String> entries(List<String> values) {
        return values.stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /** Some proxies write the port too. */
    private static Optional<InetAddress> address(String entry) {
        var matcher = WITH_PORT.matcher(entry);
        if (!matcher.matches()) {
            return IpNetwork.literal(entry);
        }
        return IpNetwork.literal(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }

    private static @Nullable String text(Optional<InetAddress> address) {
        return address.map(InetAddress::getHostAddress).orElse(null);
    }
}
