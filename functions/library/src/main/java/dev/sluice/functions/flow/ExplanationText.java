package dev.sluice.functions.flow;

import dev.sluice.channel.Reason;
import dev.sluice.functions.policy.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An explanation in words. */
final class ExplanationText {
    private ExplanationText() {}

    /** @param reason null if access would be given */
    static String of(
            @Nullable Reason reason,
            String who,
            String what,
            @Nullable String until,
            List<Explanation.ConsideredPolicy> policies,
            List<Explanation.ConsideredGateway> gateways) {
        if (reason == null) {
            var by = policies.stream()
                    .filter(Explanation.ConsideredPolicy::chosen)
                    .map(Explanation.ConsideredPolicy::actorGroup)
                    .collect(Collectors.joining());
            return who + " may reach " + what + (until == null ? "" : ", until " + until) + ", by the policy for '" + by
                    + "', through " + names(gateways) + ".";
        }
        return who + " may not reach " + what + ": " + because(reason, who, policies, gateways) + ".";
    }

    private static String names(List<Explanation.ConsideredGateway> gateways) {
        return gateways.stream()
                .filter(Explanation.ConsideredGateway::eligible)
                .map(gateway -> "'" + gateway.name() + "'")
                .collect(Collectors.joining(" or "));
    }

    private static String because(
            Reason reason,
            String who,
            List<Explanation.ConsideredPolicy> policies,
            List<Explanation.ConsideredGateway> gateways) {
        return switch (reason) {
            case NO_POLICY -> withoutPolicy(who, policies);
            case POLICY_DISABLED -> "the policy that would allow it is disabled";
            case CONDITION -> violated(policies);
            case SITE_REMOVED -> "the resource stands at no site";
            case EXPIRED -> "their token ends by then";
            case GATEWAY_OFFLINE ->
                gateways.stream().noneMatch(Explanation.ConsideredGateway::online)
                        ? "no gateway of its sites is online"
                        : "no gateway of its sites that is online serves resources of this type";
            case GATEWAY_VERSION -> "the gateways of its sites are of versions that this client cannot use";
            case ACCOUNT_DISABLED -> "the account is disabled";
            case ACTOR_DISABLED -> "they are disabled";
            case TOKEN_DELETED -> "they have no token to sign in with from there";
            case TOKEN_EXPIRED -> "their token has expired";
            case TOKEN_INVALID -> "their token is another actor's by now";
            case CLIENT_DELETED -> "the client was deleted";
            case LIMIT -> "the account has reached its limit";
            case POLICY_DELETED,
                    MEMBERSHIP_REMOVED,
                    RESOURCE_DELETED,
                    RESOURCE_CHANGED,
                    CONDITION_CHANGED,
                    FLOW_DELETED,
                    SUPERSEDED,
                    FILTERED -> reason.code();
        };
    }

    private static String withoutPolicy(String who, List<Explanation.ConsideredPolicy> policies) {
        if (policies.isEmpty()) {
            return "there is no policy for it";
        }
        return "its policies are for "
                + policies.stream()
                        .map(policy -> "'" + policy.actorGroup() + "'")
                        .collect(Collectors.joining(", "))
                + ", where " + who + " is not";
    }

    private static String violated(List<Explanation.ConsideredPolicy> policies) {
        List<String> words = new ArrayList<>();
        for (var policy : policies) {
            if (policy.reaches() && policy.enabled()) {
                policy.conditions().stream()
                        .filter(condition -> !condition.holds())
                        .map(condition ->
                                "by the policy for '" + policy.actorGroup() + "' " + wanted(condition.condition())
                                        + ", which is "
                                        + (condition.seen() == null ? "not known" : condition.seen()))
                        .forEach(words::add);
            }
        }
        return String.join("; ", words);
    }

    private static String wanted(Condition condition) {
        var values = String.join(" or ", condition.values());
        var not = condition.operator().startsWith("is_not") ? "must not be in " : "has to be in ";
        return switch (condition.property()) {
            case Condition.REMOTE_IP -> "the address that they come from " + not + values;
            case Condition.REGION -> "the country that they come from " + not + values;
            case Condition.PROVIDER -> "the identity provider that they signed in with " + not + values;
            case Condition.TIME -> "the time has to be in " + values;
            case Condition.VERIFIED -> "whether the client is verified has to be " + values;
            default -> condition.property() + " " + condition.operator() + " " + values;
        };
    }
}
