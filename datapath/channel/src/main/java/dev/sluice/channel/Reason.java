package dev.sluice.channel;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Why access was refused or ended: the one table behind the database, the API, the wire, the client's status and the
 * logs. The {@link #code()} is what is stored and shown.
 */
public enum Reason {
    /** No enabled policy reaches the actor. */
    NO_POLICY("no_policy", Effect.DENIED, FlowFailure.NOT_FOUND),
    /** Policies exist and none conforms; the properties say which conditions failed. */
    CONDITION("condition", Effect.DENIED, FlowFailure.FORBIDDEN),

    POLICY_DISABLED("policy_disabled", Effect.ENDED, FlowFailure.NOT_FOUND),
    POLICY_DELETED("policy_deleted", Effect.ENDED, FlowFailure.NOT_FOUND),
    MEMBERSHIP_REMOVED("membership_removed", Effect.ENDED, FlowFailure.NOT_FOUND),
    RESOURCE_DELETED("resource_deleted", Effect.ENDED, FlowFailure.NOT_FOUND),
    RESOURCE_CHANGED("resource_changed", Effect.ENDED, FlowFailure.NOT_FOUND),
    SITE_REMOVED("site_removed", Effect.ENDED, FlowFailure.NOT_FOUND),
    CONDITION_CHANGED("condition_changed", Effect.ENDED, FlowFailure.NOT_FOUND),
    EXPIRED("expired", Effect.ENDED, FlowFailure.NOT_FOUND),
    /** Somebody deleted the flow itself, and nothing that it rests on. */
    FLOW_DELETED("flow_deleted", Effect.ENDED, FlowFailure.NOT_FOUND),
    /** Another gateway serves the client for this resource now. */
    SUPERSEDED("superseded", Effect.ENDED, FlowFailure.NOT_FOUND),

    /** Port or protocol outside the resource's filters: decided on the data path, never by the portal. */
    FILTERED("filtered", Effect.FILTERED, FlowFailure.FORBIDDEN),

    /** No gateway is there to serve the resource, or none answered in time. */
    GATEWAY_OFFLINE("gateway_offline", Effect.UNREACHABLE, FlowFailure.OFFLINE),
    /** Gateways are there, of versions that the client cannot use. */
    GATEWAY_VERSION("gateway_version", Effect.UNREACHABLE, FlowFailure.VERSION_MISMATCH),

    TOKEN_DELETED("token_deleted", Effect.SIGNED_OUT, FlowFailure.NOT_FOUND),
    TOKEN_EXPIRED("token_expired", Effect.SIGNED_OUT, FlowFailure.NOT_FOUND),
    TOKEN_INVALID("token_invalid", Effect.SIGNED_OUT, FlowFailure.NOT_FOUND),
    ACTOR_DISABLED("actor_disabled", Effect.SIGNED_OUT, FlowFailure.NOT_FOUND),
    CLIENT_DELETED("client_deleted", Effect.SIGNED_OUT, FlowFailure.NOT_FOUND),

    ACCOUNT_DISABLED("account_disabled", Effect.SUSPENDED, FlowFailure.NOT_FOUND),
    LIMIT("limit", Effect.SUSPENDED, FlowFailure.NOT_FOUND);

    /** What a reason means to the one who hears it. */
    public enum Effect {
        /** An ask was refused: prohibited to the application. */
        DENIED,
        /** A grant ended: it is dropped, and what follows is prohibited. */
        ENDED,
        /** A packet was refused: prohibited, counted. */
        FILTERED,
        /** Nobody can serve it now: host or address unreachable. */
        UNREACHABLE,
        /** Handshake answered with 401: retried only with a new token. */
        SIGNED_OUT,
        /** Handshake answered with 503: retried. */
        SUSPENDED
    }

    /** The response header of a refused handshake that carries the {@link #code()}. */
    public static final String HEADER = "Sluice-Reason";

    private static final Map<String, Reason> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Reason::code, Function.identity()));

    private final String code;
    private final Effect effect;
    private final FlowFailure failure;

    Reason(String code, Effect effect, FlowFailure failure) {
        this.code = code;
        this.effect = effect;
        this.failure = failure;
    }

    /** The stable name in database, API, messages and logs. */
    public String code() {
        return code;
    }

    public Effect effect() {
        return effect;
    }

    /** The word of the older protocol that answers an ask refused for this reason. */
    public FlowFailure failure() {
        return failure;
    }

    /** The reason of this code; empty for one that this version does not know. */
    public static Optional<Reason> of(String code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }
}
