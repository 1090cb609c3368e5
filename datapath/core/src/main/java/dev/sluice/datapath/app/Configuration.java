package dev.sluice.datapath.app;

import dev.sluice.datapath.crypto.AeadProvider;
import dev.sluice.datapath.crypto.AeadProviders;
import dev.sluice.datapath.wireguard.Timing;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a client or a gateway runs with, in real types. Made from {@link DeviceOptions}, which the command line and the
 * environment have filled.
 *
 * @param apiUrl the portal's socket endpoint, scheme {@code ws} or {@code wss}
 * @param id this device's id, null until {@link DeviceId} has made one
 * @param interfaceName null: the first free {@code sluiceN}
 * @param excludedInterfaces whose addresses peers are not told
 * @param mtu bytes
 * @param port the UDP port that is tried first
 * @param offload whether packets go to and from the kernel in larger pieces, where it can cut them
 * @param aead what seals packets; null for the fastest
 * @param onEvent what sh runs when the portal takes the token, or takes it no more; null for nothing
 * @param maxPartition how long a gateway serves clients without a word of the portal
 * @param timing the protocol's timers
 */
public record Configuration(
        Role role,
        URI apiUrl,
        @Nullable Path tokenFile,
        @Nullable String id,
        String name,
        Path stateDirectory,
        @Nullable Path caFile,
        @Nullable String interfaceName,
        List<String> excludedInterfaces,
        int mtu,
        int port,
        boolean offload,
        @Nullable AeadProvider aead,
        InetSocketAddress statusAddress,
        @Nullable String onEvent,
        System.Logger.Level logLevel,
        Duration maxPartition,
        Timing timing,
        FeatureFlags features) {

    static final URI DEFAULT_API_URL = URI.create("ws://127.0.0.1:13001/");
    static final int DEFAULT_MTU = 1280;
    static final int LARGEST_MTU = 1420;
    static final int DEFAULT_PORT = 52625;
    static final int LONGEST_NAME = 255;
    static final Duration DEFAULT_MAX_PARTITION = Duration.ofMinutes(15);

    private static final Duration SHORTEST_PARTITION = Duration.ofSeconds(10);
    private static final Duration LONGEST_PARTITION = Duration.ofDays(7);

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final String NAMELESS = "sluice";

    /**
     * Validates and fills in defaults.
     *
     * @throws CommandFailedException saying which option is wrong and what it takes
     */
    static Configuration read(Role role, DeviceOptions options, Map<String, String> environment) {
        return new Configuration(
                role,
                apiUrl(options.portal.apiUrl),
                options.portal.tokenFile,
                options.id,
                name(options.portal.name),
                StateDirectory.of(options.portal.stateDirectory, environment),
                options.portal.caFile,
                options.interfaceName,
                List.copyOf(options.excludedInterfaces),
                between("--mtu", options.mtu, DEFAULT_MTU, DEFAULT_MTU, LARGEST_MTU),
                between("--port", options.port, DEFAULT_PORT, 0, 65535),
                offload(options.offload),
                aead(options.aead),
                StatusAddress.parse(options.statusAddress, role),
                options.onEvent,
                logLevel(options.logLevel),
                maxPartition(options.maxPartition),
                timing(Timing.connection(), options.timing, options.lab),
                FeatureFlags.read(options.features, environment));
    }

    static URI apiUrl(@Nullable URI given) {
        if (given == null) {
            return DEFAULT_API_URL;
        }
        String scheme =
                switch (given.getScheme() == null ? "" : given.getScheme().toLowerCase(Locale.ROOT)) {
                    case "ws", "http" -> "ws";
                    case "wss", "https" -> "wss";
                    default ->
                        throw CommandFailedException.usage(
                                "--api-url is \"" + given + "\"; it takes ws://host[:port] or wss://host[:port]");
                };
        if (given.getHost() == null) {
            throw CommandFailedException.usage("--api-url \"" + given + "\" names no host");
        }
        return URI.create(scheme + given.toString().substring(given.getScheme().length()));
    }

    private static int between(String option, @Nullable Integer given, int standard, int least, int most) {
        if (given == null) {
            return standard;
        }
        if (given < least || given > most) {
            throw CommandFailedException.usage(option + " is " + given + "; it takes " + least + " to " + most);
        }
        return given;
    }

    private static boolean offload(@Nullable String given) {
        return switch (given == null ? "on" : given.toLowerCase(Locale.ROOT)) {
            case "on" -> true;
            case "off" -> false;
            default -> throw CommandFailedException.usage("--offload is \"" + given + "\"; it takes on or off");
        };
    }

    private static @Nullable AeadProvider aead(@Nullable String given) {
        if (given == null) {
            return null;
        }
        return AeadProviders.find(given)
                .orElseThrow(() -> CommandFailedException.usage("--aead is \"" + given + "\"; here it takes "
                        + AeadProviders.available().stream()
                                .map(AeadProviders::word)
                                .collect(Collectors.joining(", "))));
    }

    static System.Logger.Level logLevel(@Nullable String given) {
        return switch (given == null ? "info" : given.toLowerCase(Locale.ROOT)) {
            case "error" -> System.Logger.Level.ERROR;
            case "warning", "warn" -> System.Logger.Level.WARNING;
            case "info" -> System.Logger.Level.INFO;
            case "debug" -> System.Logger.Level.DEBUG;
            case "trace" -> System.Logger.Level.TRACE;
            default ->
                throw CommandFailedException.usage(
                        "--log-level is \"" + given + "\"; it takes error, warning, info, debug or trace");
        };
    }

    /** {@code standard} with overrides, which only the lab may have. */
    static Timing timing(Timing standard, @Nullable String overrides, boolean lab) {
        if (overrides == null) {
            return standard;
        }
        if (!lab) {
            throw CommandFailedException.usage(
                    "--timing changes protocol timers and is for the lab alone; add --lab if that is what this is");
        }
        try {
            return standard.with(overrides);
        } catch (IllegalArgumentException unknown) {
            throw CommandFailedException.usage("--timing: " + unknown.getMessage());
        }
    }

    private static Duration maxPartition(@Nullable String given) {
        if (given == null) {
            return DEFAULT_MAX_PARTITION;
        }
        try {
            Duration time = Duration.parse("PT" + given.strip());
            if (time.compareTo(SHORTEST_PARTITION) >= 0 && time.compareTo(LONGEST_PARTITION) <= 0) {
                return time;
            }
        } catch (DateTimeParseException unreadable) {
            // Said below.
        }
        throw CommandFailedException.usage(
                "--max-partition is \"" + given + "\"; it takes a time from 10s to 168h, as 90s, 15m or 2h");
    }

    static String name(@Nullable String given) {
        String name = given != null ? given.strip() : hostName();
        if (name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw CommandFailedException.usage("--name has " + name.length() + " characters; it takes 1 to "
                    + LONGEST_NAME + ", and no control characters");
        }
        return name.isEmpty() ? NAMELESS : name;
    }

    /** As the kernel has it: to look it up could take as long as a resolver that is not there. */
    private static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException unnamed) {
            return NAMELESS;
        }
    }
}
