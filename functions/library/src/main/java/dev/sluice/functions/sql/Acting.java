package dev.sluice.functions.sql;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf the work is done that runs now: the audit names them. Where nobody is, the portal acts by itself.
 *
 * @param account the only one in which it is done; null for any
 * @param subject who has it done
 * @param request by which request, as its answer and the log name it too
 */
public record Acting(@Nullable UUID account, String subject, String request) {
    /** To be bound around the calls of services. */
    public static final ScopedValue<Acting> CURRENT = ScopedValue.newInstance();

    /** Whatever a service was told: a request of one account does nothing in another. */
    void require(UUID other) {
        if (account != null && !account.equals(other)) {
            throw new IllegalStateException("a request of one account works in another");
        }
    }
}
