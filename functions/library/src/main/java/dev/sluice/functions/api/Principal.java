package dev.sluice.functions.api;

import dev.sluice.functions.sql.RequestException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a request is carried out.
 *
 * @param account whose things it is about; null where an operator names none
 * @param actor who calls; null for an operator
 * @param token by which they do; null for an operator, and for who is signing in without one
 */
public record Principal(
        Role role,
        @Nullable UUID account,
        @Nullable UUID actor,
        @Nullable UUID token) {
    /** By which an operator names the account, by id or slug. */
    public static final String ACCOUNT_HEADER = "Sluice-Account";

    /** An operator, in this account. */
    public static Principal operator(@Nullable UUID account) {
        return new Principal(Role.OPERATOR, account, null, null);
    }

    /** Whoever administers an account, by this token: an API client, or a person. */
    public static Principal admin(UUID account, UUID actor, UUID token) {
        return new Principal(Role.ADMIN, account, actor, token);
    }

    /** Somebody of an account, by this token or by what they have proved themselves by just now. */
    public static Principal person(UUID account, UUID actor, @Nullable UUID token) {
        return new Principal(Role.PERSON, account, actor, token);
    }

    /**
     * The account that the request is about.
     *
     * @throws RequestException when an operator has named none
     */
    public UUID accountId() {
        if (account == null) {
            throw RequestException.argument(
                    ACCOUNT_HEADER, "Name the account, by id or slug, in the header '" + ACCOUNT_HEADER + "'.");
        }
        return account;
    }

    /** As the audit names them. */
    public String subject() {
        return role == Role.OPERATOR ? "operator" : "actor " + actor + (token == null ? "" : " by token " + token);
    }
}
