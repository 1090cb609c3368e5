package dev.sluice.functions.policy;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Chooses among the policies that reach an actor for one resource. Pure. */
public sealed interface PolicyChoice {
    /**
     * A policy through which the actor's group reaches the resource.
     *
     * @param membershipId how the actor is in the group; null in the group of everyone
     */
    record Candidate(UUID policyId, @Nullable UUID membershipId, boolean enabled, List<Condition> conditions) {}

    /** Access by this policy, until then; null is for ever. */
    record Allowed(
            UUID policyId,
            @Nullable UUID membershipId,
            @Nullable Instant expiresAt) implements PolicyChoice {
        /** Until when, where something else ends it at that time. */
        public Instant expiresAt(Instant cap) {
            return expiresAt == null || cap.isBefore(expiresAt) ? cap : expiresAt;
        }
    }

    record Refused(Detail detail) implements PolicyChoice {}

    /** The conforming policy that lasts longest; among equals the first. */
    static PolicyChoice choose(List<Candidate> candidates, Subject subject) {
        var enabled = candidates.stream().filter(Candidate::enabled).toList();
        if (enabled.isEmpty()) {
            return new Refused(Detail.of(candidates.isEmpty() ? Reason.NO_POLICY : Reason.POLICY_DISABLED));
        }
        Allowed best = null;
        var violated = new ArrayList<String>();
        for (var candidate : enabled) {
            switch (ConditionEvaluator.evaluate(candidate.conditions(), subject)) {
                case Evaluation.Conforms conforms -> {
                    if (best == null || lastsLonger(conforms.expiresAt(), best.expiresAt())) {
                        best = new Allowed(candidate.policyId(), candidate.membershipId(), conforms.expiresAt());
                    }
                }
                case Evaluation.Violates violates ->
                    violates.properties().stream()
                            .filter(property -> !violated.contains(property))
                            .forEach(violated::add);
            }
        }
        return best != null
                ? best
                : new Refused(new Detail(Reason.CONDITION, violated, ConditionEvaluator.seen(violated, subject)));
    }

    private static boolean lastsLonger(@Nullable Instant one, @Nullable Instant other) {
        return other != null && (one == null || one.isAfter(other));
    }
}
