package dev.sluice.functions.account;

import dev.sluice.functions.api.View;
import dev.sluice.functions.plan.Use;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An account as it sees itself.
 *
 * @param slug its name in addresses
 * @param legalName as its invoices have it; null where nothing is billed
 * @param limits what its plan has room for
 * @param features what its plan has; null where it has everything
 * @param warning what its admins should know of its plan before it comes, in words; null if nothing
 * @param disabledReason why nobody of it has access; null while they have
 * @param policyTestsEnforced whether a change is refused that breaks one of its policy tests
 * @param searchDomain what its clients complete short names with; null for nothing
 * @param upstreamDns whom its clients ask for names that are no resource, each with its port; the system's resolvers if empty
 */
public record OwnAccountView(
        UUID id,
        String slug,
        String name,
        @Nullable String legalName,
        Limits limits,
        @Nullable List<String> features,
        @Nullable String warning,
        boolean disabled,
        @Nullable String disabledReason,
        boolean policyTestsEnforced,
        @Nullable String searchDomain,
        List<String> upstreamDns,
        long version)
        implements View {
    /** How much of each limit is used. */
    @Schema(name = "AccountLimits")
    public record Limits(
            Use users, Use monthlyActiveUsers, Use serviceAccounts, Use accountAdminUsers, Use gatewayGroups) {}
}
