package dev.sluice.functions.address;

import org.jspecify.annotations.Nullable;

/**
 * Where a device connects from; null where that is not known.
 *
 * @param remoteIp its address, beyond the proxies that are trusted
 * @param region ISO 3166 alpha-2 code of that place
 * @param place on the earth, or the middle of its country
 */
public record Origin(
        @Nullable String remoteIp,
        @Nullable String region,
        @Nullable Coordinates place) {
    public static final Origin UNKNOWN = new Origin(null, null, null);
}
