package dev.sluice.functions.flow;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Reason;
import dev.sluice.functions.policy.PolicyChoice;
import java.time.Instant;
import java.util.List;

/** What follows from what a decision rests on, before a gateway is looked for. Pure. */
sealed interface Verdict {
    /** The client may have access until then, if a gateway serves it. */
    record Allowed(PolicyChoice.Allowed by, Instant expiresAt) implements Verdict {}

    /**
     * It may not.
     *
     * @param byPolicies whether it is the policies that refuse: then it may not keep either what it has
     */
    record Refused(Detail detail, boolean byPolicies) implements Verdict {
        Refused(Reason reason) {
            this(Detail.of(reason), false);
        }
    }

    static Verdict of(Causes.Asker asker, List<PolicyChoice.Candidate> policies) {
        if (asker.ended() != null) {
            return new Refused(asker.ended());
        }
        return switch (PolicyChoice.choose(policies, asker.subject())) {
            case PolicyChoice.Refused refused -> new Refused(refused.detail(), true);
            case PolicyChoice.Allowed allowed when !asker.hasSites() -> new Refused(Reason.SITE_REMOVED);
            case PolicyChoice.Allowed allowed -> {
                var expiresAt = allowed.expiresAt(asker.tokenExpiresAt());
                yield expiresAt.isAfter(asker.now()) ? new Allowed(allowed, expiresAt) : new Refused(Reason.EXPIRED);
            }
        };
    }
}
