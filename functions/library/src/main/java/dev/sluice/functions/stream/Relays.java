package dev.sluice.functions.stream;

import dev.sluice.channel.Relay;
import dev.sluice.channel.Secret;
import dev.sluice.functions.address.IpNetwork;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The relays that the operator named, handed to every peer: {@code turn://user:password@address:port,…}, with the user and
 * the password percent-encoded. Addresses and not names, since peers are given what stands there.
 */
@ApplicationScoped
public class Relays {
    static final String VARIABLE = "SLUICE_RELAYS";
    private static final int DEFAULT_PORT = 3478;

    /** 2038-01-01, the largest that every peer can hold. */
    private static final Instant FAR_AHEAD = Instant.ofEpochSecond(2145916800L);

    private final List<Relay> relays;

    @Inject
    public Relays(@ConfigProperty(name = VARIABLE) Optional<String> configured) {
        this.relays = parse(configured.orElse(""));
    }

    public List<Relay> all() {
        return relays;
    }

    /** @throws IllegalArgumentException with a sentence for the operator, without the password */
    static List<Relay> parse(String text) {
        var relays = new ArrayList<Relay>();
        var parts = text.split(",", -1);
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].isBlank()) {
                relays.add(relay(parts[i].strip(), i + 1));
            }
        }
        return List.copyOf(relays);
    }

    private static Relay relay(String text, int position) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw malformed(position, "cannot be read");
        }
        var host = uri.getHost();
        var authority = uri.getRawAuthority();
        // Without a host that it knows the class knows no user either.
        if (authority != null && authority.contains("@") && (host == null || !isAddress(host))) {
            throw malformed(position, "has no IP address");
        }
        var user = uri.getRawUserInfo();
        int colon = user == null ? -1 : user.indexOf(':');
        if (!"turn".equals(uri.getScheme()) || host == null || user == null || colon < 1) {
            throw malformed(position, "cannot be read");
        }
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        if (port < 1 || port > 65535) {
            throw malformed(position, "has port " + port + ", and ports go from 1 to 65535");
        }
        var address = host + ":" + port;
        return new Relay(
                UUID.nameUUIDFromBytes(address.getBytes(StandardCharsets.UTF_8)),
                address,
                decode(user.substring(0, colon)),
                new Secret(decode(user.substring(colon + 1))),
                FAR_AHEAD);
    }

    /** Of IPv4 only the form that means the same to every peer. */
    private static boolean isAddress(String host) {
        boolean bracketed = host.startsWith("[");
        return IpNetwork.literal(bracketed ? host.substring(1, host.length() - 1) : host)
                .filter(address -> bracketed || address.getHostAddress().equals(host))
                .isPresent();
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException malformed(int position, String problem) {
        return new IllegalArgumentException("Relay " + position + " of " + VARIABLE + " " + problem
                + ". Write each as turn://user:password@203.0.113.7:3478, separated by commas,"
                + " with an IP address and a percent-encoded user and password.");
    }
}
