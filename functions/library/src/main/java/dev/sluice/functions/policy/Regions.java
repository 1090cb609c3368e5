package dev.sluice.functions.policy;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Countries and territories by their codes: ISO 3166-1 alpha-2, and XK, which locating services give for Kosovo. */
final class Regions {
    private static final Set<String> CODES = Set.of(Locale.getISOCountries());
    private static final String KOSOVO = "XK";

    private Regions() {}

    /** Whether this is the code of one, in any case. */
    static boolean isKnown(String text) {
        String code = text.toUpperCase(Locale.ROOT);
        return CODES.contains(code) || code.equals(KOSOVO);
    }

    /** The code in upper case. */
    static @Nullable String code(@Nullable String text) {
        return text == null ? null : text.toUpperCase(Locale.ROOT);
    }
}
