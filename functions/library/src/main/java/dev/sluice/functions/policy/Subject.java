package dev.sluice.functions.policy;

import dev.sluice.functions.sql.Row;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What conditions are held against: one client at one time. What is not known is null, and then a condition on it does not
 * hold.
 *
 * @param remoteIp where the client's channel comes from
 * @param region ISO 3166 alpha-2 code of that place
 * @param providerId the identity provider by which the actor signed in
 */
public record Subject(
        @Nullable String remoteIp,
        @Nullable String region,
        @Nullable String providerId,
        boolean verified,
        Instant now) {
    /**
     * Columns of a client {@code c}, as of the moment at which they are read.
     *
     * @param provider the identity provider of its token, in SQL
     */
    public static String ofClient(String provider) {
        return """
                host(c.last_seen_remote_ip) AS remote_ip, c.last_seen_region AS region, %s AS provider_id,
                       c.verified_at IS NOT NULL AS verified, clock_timestamp() AS now""".replace("%s", provider);
    }

    /** Reads {@link #ofClient}. */
    public static Subject read(Row row) {
        return new Subject(
                row.optionalText("remote_ip"),
                row.optionalText("region"),
                Optional.ofNullable(row.optionalId("provider_id"))
                        .map(UUID::toString)
                        .orElse(null),
                row.flag("verified"),
                row.instant("now"));
    }
}
