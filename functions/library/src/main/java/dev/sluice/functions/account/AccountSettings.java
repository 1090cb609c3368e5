package dev.sluice.functions.account;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What holds for all of an account: {@link OwnAccountView} without what has to be counted. */
public record AccountSettings(
        UUID id,
        String slug,
        String name,
        @Nullable String legalName,
        @Nullable String warning,
        boolean disabled,
        @Nullable String disabledReason,
        boolean policyTestsEnforced,
        @Nullable String searchDomain,
        List<String> upstreamDns,
        long version) {}
