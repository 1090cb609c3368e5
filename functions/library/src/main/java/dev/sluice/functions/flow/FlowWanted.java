package dev.sluice.functions.flow;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

/**
 * How a flow is to go on.
 *
 * @param expiresIn in how many seconds it ends, unless it ends sooner
 */
public record FlowWanted(
        @NotNull(message = "is missing") @Min(value = 0, message = "is a number of seconds from now on") @Max(value = FlowWanted.LONGEST, message = "is more than a year") Long expiresIn) {
    static final long LONGEST = 366L * 24 * 60 * 60;
}
