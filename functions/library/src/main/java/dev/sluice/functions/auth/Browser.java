package dev.sluice.functions.auth;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The families of browsers. A session is bound to the one that it began in: a browser's version changes under it, its family
 * does not. What is stolen from one and shown by another is nobody's session.
 */
final class Browser {
    /** In this order: all of them name those after them. */
    private static final List<Map.Entry<String, String>> FAMILIES = List.of(
            Map.entry("Edg", "Edge"),
            Map.entry("OPR/", "Opera"),
            Map.entry("Firefox/", "Firefox"),
            Map.entry("Chrome/", "Chrome"),
            Map.entry("Safari/", "Safari"));

    private static final String OTHER = "Browser";

    private Browser() {}

    /** @param userAgent as it names itself (RFC 9110, section 10.1.5); null if it does not */
    static String family(@Nullable String userAgent) {
        return FAMILIES.stream()
                .filter(family -> userAgent != null && userAgent.contains(family.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(OTHER);
    }
}
