package dev.sluice.functions.policy;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Changes of policies, as they might be made.
 *
 * @param create new ones
 * @param change others, each by its id
 * @param delete and others, by their ids
 */
public record PolicyProposal(
        @Size(max = 100, message = "has 100 policies at most") @Nullable List<@NotNull(message = "is missing") @Valid PolicyWanted> create,

        @Size(max = 100, message = "has 100 policies at most") @Nullable List<@NotNull(message = "is missing") @Valid Change> change,

        @Size(max = 100, message = "has 100 policies at most") @Nullable List<@NotNull(message = "is missing") UUID> delete) {
    /** Of which one, and what it is to be; what is absent stays. */
    @Schema(name = "PolicyChange")
    public record Change(
            @NotNull(message = "is missing") UUID id,

            @NotNull(message = "is missing") @Valid PolicyWanted policy) {}
}
