package dev.sluice.functions.device;

import java.util.Optional;
import java.util.regex.Pattern;

/** The version of a device's software. */
public record SoftwareVersion(int major, int minor, int patch) {
    private static final Pattern COMPONENT =
            Pattern.compile("(?:relay|connlib|headless-client|gui-client|apple-client|android-client|gateway)/(\\S+)");

    private static final Pattern SEMANTIC = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})(?:[-+].*)?");

    /** The version of the first known component in a header such as {@code Linux/6.1 gateway/1.4.17 (x86_64; 6.1)}. */
    public static Optional<SoftwareVersion> ofUserAgent(String userAgent) {
        for (var word : userAgent.split(" ", -1)) {
            var component = COMPONENT.matcher(word);
            if (component.matches()) {
                return parse(component.group(1));
            }
        }
        return Optional.empty();
    }

    public static Optional<SoftwareVersion> parse(String text) {
        var match = SEMANTIC.matcher(text);
        return match.matches()
                ? Optional.of(new SoftwareVersion(
                        Integer.parseInt(match.group(1)),
                        Integer.parseInt(match.group(2)),
                        Integer.parseInt(match.group(3))))
                : Optional.empty();
    }

    /** Whether a gateway of this version serves a client of that one: at most one minor version apart. */
    public boolean serves(SoftwareVersion client) {
        return major == client.major && Math.abs(minor - client.minor) <= 1;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
