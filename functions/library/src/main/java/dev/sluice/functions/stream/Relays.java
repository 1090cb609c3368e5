package dev.sluice.functions.stream;

import dev.sluice.channel.Relay;
import dev.sluice.channel.Secret;
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
        for (var part : text.split(",", -1)) {
            if (!part.isBlank()) {
                relays.add(relay(part.strip()));
            }
        }
        return List.copyOf(relays);
    }

    private static Relay relay(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw malformed();
        }
        var host = uri.getHost();
        var user = uri.getRawUserInfo();
        int colon = user == null ? -1 : user.indexOf(':');
        if (!"turn".equals(uri.getScheme()) || host == null || user == null || colon < 1 || !isAddress(host)) {
            throw malformed();
        }
        var address = host + ":" + (uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
        return new Relay(
                UUID.nameUUIDFromBytes(address.getBytes(StandardCharsets.UTF_8)),
                address,
                decode(user.substring(0, colon)),
                new Secret(decode(user.substring(colon + 1))),
                FAR_AHEAD);
    }

    private static boolean isAddress(String host) {
        return host.startsWith("[") || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException(VARIABLE
                + " is not a list of relays. Write each as turn://user:password@203.0.113.7:3478, separated by commas,"
                + " with an IP address and a percent-encoded user and password.");
    }
}
