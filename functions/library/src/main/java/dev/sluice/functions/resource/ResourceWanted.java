package dev.sluice.functions.resource;

import dev.sluice.functions.api.Name;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a resource is to be. What is absent stays; a new one needs a name, a type, an address unless it is the internet, and a
 * connection. What a resource is, its type, stays.
 *
 * @param addressDescription empty for none
 */
public record ResourceWanted(
        @Pattern(regexp = Name.PATTERN, message = Name.RULE) @Nullable String name,

        @Pattern(regexp = ResourceType.WORDS, message = "is dns, cidr, ip or internet") @Nullable String type,

        @Size(min = 1, max = 253, message = "has 1 to 253 characters") @Nullable String address,

        @Size(max = 512, message = "has 512 characters at most") @Nullable String addressDescription,

        @Pattern(regexp = "dual|ipv4_only|ipv6_only", message = "is dual, ipv4_only or ipv6_only") @Nullable String ipStack,

        @Size(max = 100, message = "has 100 filters at most") @Nullable List<@NotNull(message = "is missing") @Valid FilterView> filters,

        @Size(min = 1, max = 100, message = "names 1 to 100 sites") @Nullable List<@NotNull(message = "is missing") @Valid Connection> connections) {}
