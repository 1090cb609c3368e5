package dev.sluice.functions.configuration;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.functions.api.Name;
import dev.sluice.functions.policy.PolicyTestWanted;
import dev.sluice.functions.policy.PolicyWanted;
import dev.sluice.functions.resource.ResourceType;
import dev.sluice.functions.site.SiteService;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What an account has set up; everything is called by its name. What of it is absent is left as it is; of what is there, all
 * that the account has and the document has not is removed.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Configuration(
        @Size(max = Configuration.MOST, message = "has 10000 sites at most") @Nullable List<@NotNull(message = "is missing") @Valid Site> sites,

        @Size(max = Configuration.MOST, message = "has 10000 groups at most") @Nullable List<@NotNull(message = "is missing") @Valid Group> groups,

        @Size(max = Configuration.MOST, message = "has 10000 resources at most") @Nullable List<@NotNull(message = "is missing") @Valid Resource> resources,

        @Size(max = Configuration.MOST, message = "has 10000 policies at most") @Nullable List<@NotNull(message = "is missing") @Valid Policy> policies,

        @Size(max = Configuration.MOST, message = "has 10000 policy tests at most") @Nullable List<@NotNull(message = "is missing") @Valid Test> policyTests) {
    static final int MOST = 10_000;

    /** A site. */
    @Schema(name = "ConfiguredSite")
    public record Site(
            @NotNull(message = "is missing") @Pattern(regexp = SiteService.NAME, message = SiteService.NAME_RULE) String name) {}

    /** A group; who is in it is no part of this. */
    @Schema(name = "ConfiguredGroup")
    public record Group(
            @NotNull(message = "is missing") @Pattern(regexp = Name.PATTERN, message = Name.RULE) String name) {}

    /**
     * A resource.
     *
     * @param filters such as {@code tcp:80-90}, {@code icmp}; everything passes if there are none
     * @param sites that serve it; absent where none does. A new one needs one, and one that is there keeps those that it has
     *     if they are absent.
     */
    @Schema(name = "ConfiguredResource")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Resource(
            @NotNull(message = "is missing") @Pattern(regexp = Name.PATTERN, message = Name.RULE) String name,

            @NotNull(message = "is missing") @Pattern(regexp = ResourceType.WORDS, message = "is dns, cidr, ip or internet") String type,

            @Size(max = 253, message = "has 253 characters at most") @Nullable String address,

            @Size(max = 512, message = "has 512 characters at most") @Nullable String addressDescription,

            @Pattern(regexp = "dual|ipv4_only|ipv6_only", message = "is dual, ipv4_only or ipv6_only") @Nullable String ipStack,

            @Size(max = 100, message = "has 100 filters at most") @Nullable List<@NotNull(message = "is missing") String> filters,

            @Size(min = 1, max = 100, message = "names 1 to 100 sites") @Nullable List<@NotNull(message = "is missing") String> sites) {}

    /** That a group may reach a resource. */
    @Schema(name = "ConfiguredPolicy")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Policy(
            @NotNull(message = "is missing") String group,
            @NotNull(message = "is missing") String resource,

            @Size(max = 1024, message = "has 1024 characters at most") @Nullable String description,

            @Size(max = 20, message = "has 20 conditions at most") @Nullable List<PolicyWanted.@NotNull(message = "is missing") @Valid Demand> conditions,

            @Nullable Boolean disabled) {}

    /**
     * A policy test.
     *
     * @param actor their name or e-mail address
     */
    @Schema(name = "ConfiguredPolicyTest")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Test(
            @NotNull(message = "is missing") @Pattern(regexp = Name.PATTERN, message = Name.RULE) String name,

            @NotNull(message = "is missing") String actor,
            @NotNull(message = "is missing") String resource,
            @NotNull(message = "is missing") Boolean canReach,
            @Nullable Instant at,

            @Pattern(regexp = PolicyTestWanted.ADDRESS, message = PolicyTestWanted.ADDRESS_RULE) @Nullable String remoteIp,

            @Pattern(regexp = PolicyTestWanted.COUNTRY, message = PolicyTestWanted.COUNTRY_RULE) @Nullable String region,

            @Nullable Boolean verified) {}
}
