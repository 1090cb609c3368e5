package dev.sluice.functions.address;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Where countries are, to about a degree: good enough to tell a near gateway from a far one. */
final class Centroids {
    private static final Map<String, Coordinates> BY_REGION = read();

    private Centroids() {}

    /** @param region ISO 3166 alpha-2, in any case */
    static Optional<Coordinates> of(String region) {
        return Optional.ofNullable(BY_REGION.get(region.toUpperCase(Locale.ROOT)));
    }

    private static Map<String, Coordinates> read() {
        try (InputStream file = Objects.requireNonNull(Centroids.class.getResourceAsStream("centroids.txt"))) {
            var places = new HashMap<String, Coordinates>();
            new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .forEach(parts -> places.put(
                            parts[0], new Coordinates(Double.parseDouble(parts[1]), Double.parseDouble(parts[2]))));
            return Map.copyOf(places);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
