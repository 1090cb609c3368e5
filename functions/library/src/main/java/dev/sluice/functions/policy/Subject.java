package dev.sluice.functions.policy;

import java.time.Instant;
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
        Instant now) {}
