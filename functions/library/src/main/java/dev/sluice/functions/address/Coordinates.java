package dev.sluice.functions.address;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place on the earth, in degrees: of latitude from -90 to 90, and of longitude from -180 to 180.
 */
public record Coordinates(double latitude, double longitude) {
    /** The earth's mean radius, as IUGG has it. */
    private static final double EARTH_KM = 6371;

    private static final Pattern PAIR =
            Pattern.compile("(-?[0-9]{1,3}(?:\\.[0-9]{1,15})?),\\s*(-?[0-9]{1,3}(?:\\.[0-9]{1,15})?)");

    /** @throws IllegalArgumentException when there is no such place */
    public Coordinates {
        if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
            throw new IllegalArgumentException(latitude + "," + longitude + " is no place on the earth");
        }
    }

    /** Reads {@code latitude,longitude}; empty if it is no such place. */
    public static Optional<Coordinates> parse(String text) {
        var matcher = PAIR.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Coordinates(Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Along the great circle, by the haversine formula. */
    public double kilometersTo(Coordinates other) {
        double north = Math.toRadians(other.latitude - latitude);
        double east = Math.toRadians(other.longitude - longitude);
        double h = haversine(north)
                + Math.cos(Math.toRadians(latitude)) * Math.cos(Math.toRadians(other.latitude)) * haversine(east);
        return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)));
    }

    private static double haversine(double angle) {
        double half = Math.sin(angle / 2);
        return half * half;
    }
}
