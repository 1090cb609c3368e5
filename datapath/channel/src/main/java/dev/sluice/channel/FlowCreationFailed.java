package dev.sluice.channel;

import java.util.List;
import java.util.UUID;

/**
 * The ask was refused.
 *
 * @param violatedProperties conditions that failed; only with {@link FlowFailure#FORBIDDEN}
 */
public record FlowCreationFailed(UUID resourceId, FlowFailure reason, List<String> violatedProperties)
        implements PortalToClient {
    public FlowCreationFailed {
        violatedProperties = List.copyOf(violatedProperties);
    }

    /** The answer to an ask that was refused for this reason. */
    public static FlowCreationFailed of(UUID resourceId, Detail detail) {
        var failure = detail.reason().failure();
        return new FlowCreationFailed(
                resourceId, failure, failure == FlowFailure.FORBIDDEN ? detail.properties() : List.of());
    }
}
