package dev.sluice.functions.sql;

/**
 * On whose behalf the work is done that runs now: the audit names them. Where nobody is, the portal acts by itself.
 *
 * @param subject who has it done
 * @param request by which request, as its answer and the log name it too
 */
public record Acting(String subject, String request) {
    /** To be bound around the calls of services. */
    public static final ScopedValue<Acting> CURRENT = ScopedValue.newInstance();

    /** An operator at the portal's admin listener. */
    public static Acting operator(String request) {
        return new Acting("operator", request);
    }
}
