package dev.sluice.datapath.app;

import java.util.Locale;
import java.util.Objects;

/**
 * The User-Agent of a device: {@code {OS}/{version} {component}/{version} ({architecture}; {kernel}) sluice/{version}}.
 * The portal reads the version from the component that peers know, and matches gateways by it.
 */
final class UserAgent {
    /** This build's version, from the jar's manifest. */
    static final String OWN_VERSION =
            Objects.requireNonNullElse(UserAgent.class.getPackage().getImplementationVersion(), "development");

    private UserAgent() {}

    static String of(Role role) {
        String kernel = ascii(System.getProperty("os.version", "unknown"));
        return String.format(
                Locale.ROOT,
                "%s/%s %s/%s (%s; %s) sluice/%s",
                ascii(System.getProperty("os.name", "unknown")),
                kernel,
                role.component(),
                role.version(),
                ascii(System.getProperty("os.arch", "unknown")),
                kernel,
                OWN_VERSION);
    }

    /** One printable ASCII word: the portal splits at spaces. */
    private static String ascii(String text) {
        return text.replaceAll("[^\\x21-\\x7e]", "_");
    }
}
